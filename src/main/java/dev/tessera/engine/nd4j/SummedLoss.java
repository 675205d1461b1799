package dev.tessera.engine.nd4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss that remembers what the last forward pass gave. DL4J's own sums in float and clips
 * probabilities; ours sums in double from the values before the last activation, unclipped, so that
 * a loss that is not finite shows.
 */
interface SummedLoss {
  /** Factors of the examples of the next minibatches, one row each, or null if all are 1. */
  void weigh(@Nullable INDArray weights);

  /** Cross-entropy of the last minibatch, summed over its examples. */
  double lastSum();
}
