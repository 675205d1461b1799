package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import org.jspecify.annotations.Nullable;

/**
 * The best evaluation of a run so far, as {@link EarlyStopping} judges it.
 *
 * @param round rounds that were done then; 0 if there was none
 * @param value of the metric; NaN if there was none
 * @param evaluationsSince how many have followed
 * @param replica the state then, if the run is to end with it
 */
public record Best(int round, double value, int evaluationsSince, @Nullable ReplicaState replica) {
  /** Before the first evaluation. */
  public static final Best NONE = new Best(0, Double.NaN, 0, null);

  /** The same after an evaluation that is no better. */
  Best kept() {
    return new Best(round, value, evaluationsSince + 1, replica);
  }
}
