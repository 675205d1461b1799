package dev.tessera.round;

import java.io.Serializable;

/**
 * One round: which minibatches of the epoch every worker steps through before the average.
 *
 * @param round index in the run, from 0
 * @param epoch index, from 0
 * @param firstStep first minibatch of the epoch that belongs to the round
 * @param endStep the minibatch after its last; a worker with fewer minibatches ends earlier
 */
public record RoundPlan(int round, int epoch, int firstStep, int endStep) implements Serializable {}
