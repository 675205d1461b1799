package dev.tessera.engine.nd4j;

/**
 * A loss that remembers what the last forward pass gave. DL4J's own sums in float and clips
 * probabilities; ours sums in double from the values before the last activation, unclipped, so that
 * a loss that is not finite shows.
 */
interface SummedLoss {
  /** Cross-entropy of the last minibatch, summed over its examples. */
  double lastSum();
}
