package dev.tessera.round;

/**
 * A finished round, with its place in the run.
 *
 * @param plan indices from 0
 * @param rounds of the whole run, as far as is known: it may stop early
 * @param epochs of the whole run
 * @param endsEpoch whether it is the last of its epoch
 * @param evaluationFollows whether the state is evaluated on the validation set before the next
 *     round
 * @param state what the next round starts from
 */
public record RoundReport(
    RoundPlan plan,
    int rounds,
    int epochs,
    boolean endsEpoch,
    boolean evaluationFollows,
    double learningRate,
    int averagingFrequency,
    RoundOutcome outcome,
    GlobalState state) {
  /**
   * The same after its evaluation.
   *
   * @param evaluated state, which knows of it
   * @param ends whether the run ends with it
   */
  RoundReport evaluated(GlobalState evaluated, boolean ends) {
    return new RoundReport(
        plan,
        ends ? evaluated.round() : rounds,
        epochs,
        endsEpoch,
        evaluationFollows,
        learningRate,
        averagingFrequency,
        outcome,
        evaluated);
  }

  /** Whether the run ends with it, as far as is known. */
  boolean isLast() {
    return state.round() == rounds;
  }

  /** Examples a second over the whole round. */
  public double examplesPerSecond() {
    return outcome.examples() / Math.max(1e-9, outcome.seconds().total());
  }
}
