package dev.tessera.round;

/**
 * Runs the workers of a round, wherever they are, and averages them. The seam between the loop and
 * the cluster.
 */
public interface RoundRunner {
  /**
   * One worker's task for every shard of the plan, and their average. Does not change the state.
   */
  RoundOutcome run(RoundPlan round, double learningRate, GlobalState state);
}
