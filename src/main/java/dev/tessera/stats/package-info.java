/**
 * What is measured: parameter statistics, divergence of the workers, channel moments, evaluation
 * figures. Pure arithmetic, all of it mergeable.
 *
 * <p>Read first: {@link dev.tessera.stats.ParameterStats}, {@link dev.tessera.stats.Evaluation}.
 * Imports {@code network}; must not import Spark or an engine.
 */
@NullMarked
package dev.tessera.stats;

import org.jspecify.annotations.NullMarked;
