/**
 * Parameter averaging in ordinary Java: the plan of which examples make up which minibatch, the
 * task of one worker, the average, the loop over rounds.
 *
 * <p>Read first: {@link dev.tessera.round.Trainer}, {@link dev.tessera.round.RoundRunner}, {@link
 * dev.tessera.round.EpochPlan}. Imports {@code network}, {@code stats}, {@code image}, {@code
 * engine}, {@code run}; must not import Spark or a concrete engine.
 */
@NullMarked
package dev.tessera.round;

import org.jspecify.annotations.NullMarked;
