package dev.tessera.round;

import java.io.Serializable;

/**
 * What a worker says of its part of a round, without its replica.
 *
 * @param examples examples it stepped through; 0 if its shard had none left
 * @param lossSum loss summed over those examples, without regularisation
 * @param regularisedLossSum the same with regularisation
 * @param excluded why it is left out of the average, or an empty string
 * @param host where it ran
 * @param fitNanos time in its steps, their minibatches included, loading and storing it not
 */
public record WorkerReport(
    int worker,
    int examples,
    double lossSum,
    double regularisedLossSum,
    String excluded,
    String host,
    long fitNanos)
    implements Serializable {
  /** Whether its replica is part of the average. */
  public boolean counts() {
    return examples > 0 && excluded.isEmpty();
  }
}
