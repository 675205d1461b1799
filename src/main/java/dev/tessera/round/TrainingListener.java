package dev.tessera.round;

import dev.tessera.stats.Evaluation;

/**
 * Hears of every round and evaluation, on the driver's thread, in order. What it is given is never
 * changed afterwards: it may keep it and work on it elsewhere.
 */
public interface TrainingListener {
  /** After the outer step of a round. */
  void roundFinished(RoundReport report);

  /**
   * After an evaluation on the validation set at the end of an epoch.
   *
   * @param report of its round, with what the evaluation has decided: its state knows the best so
   *     far, and it has no more rounds than were done where the run stops early
   */
  void evaluated(RoundReport report, Evaluation evaluation);

  /**
   * After a round that gave no finite replica: it is tried again from the state before it.
   *
   * @param causes of every worker, for people
   * @param learningRate from now on
   */
  default void rolledBack(RoundPlan round, String causes, double learningRate) {}
}
