package dev.tessera.round;

import java.io.Serializable;

/**
 * One round: which minibatches of the epoch every worker steps through before the average.
 *
 * @param round index in the run, from 0
 * @param epoch index, from 0
 * @param segment of the shards, from 0
 * @param stepsBefore minibatches of the epoch in the segments before this one
 * @param firstStep first minibatch of the segment that belongs to the round
 * @param endStep the minibatch after its last; a worker with fewer minibatches ends earlier
 */
public record RoundPlan(
    int round, int epoch, int segment, int stepsBefore, int firstStep, int endStep)
    implements Serializable {

  /** First minibatch of the epoch that belongs to the round. */
  public int firstOfEpoch() {
    return stepsBefore + firstStep;
  }

  /** The minibatch of the epoch after its last. */
  public int endOfEpoch() {
    return stepsBefore + endStep;
  }
}
