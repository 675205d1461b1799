/**
 * What is measured: parameter statistics, divergence of the workers, channel moments, evaluation
 * figures, and small pictures of what layers give. Pure arithmetic; what is counted over a data set
 * is mergeable.
 *
 * <p>Read first: {@link dev.tessera.stats.ParameterStats}, {@link dev.tessera.stats.Evaluation},
 * {@link dev.tessera.stats.ImageActivations}. Imports {@code network}; must not import Spark or an
 * engine.
 */
@NullMarked
package dev.tessera.stats;

import org.jspecify.annotations.NullMarked;
