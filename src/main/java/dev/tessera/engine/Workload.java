package dev.tessera.engine;

import dev.tessera.image.PixelScaling;
import dev.tessera.network.NetworkPlan;
import java.io.Serializable;

/**
 * What a replica computes, fixed for a whole run: equal workloads give equal arithmetic, so it is
 * also the key under which open replicas are kept.
 *
 * <p>A step takes the mean gradient of the objective over the minibatch, adds the regularisation's,
 * clips, and hands the result to the updater.
 *
 * @param batchSize largest minibatch, in examples
 */
public record Workload(
    NetworkPlan network,
    PixelScaling scaling,
    Objective objective,
    Updater updater,
    Regularisation regularisation,
    GradientClipping clipping,
    int batchSize)
    implements Serializable {
  public Workload {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "Invalid batch size " + batchSize + ": it must be at least 1");
    }
    int weights = objective.classWeights().size();
    if (weights != 0 && weights != network.classes()) {
      throw new IllegalArgumentException(
          "Cannot weigh " + network.classes() + " classes by " + weights + " class weights");
    }
    if (scaling.channels() != network.input().channels()) {
      throw new IllegalArgumentException(
          "Cannot scale "
              + network.input().channels()
              + " channels by "
              + scaling.channels()
              + " factors");
    }
  }

  /**
   * The same for minibatches of no more than that many examples, or of one: a shard has no larger
   * ones.
   */
  public Workload capped(int examples) {
    return new Workload(
        network,
        scaling,
        objective,
        updater,
        regularisation,
        clipping,
        Math.max(1, Math.min(batchSize, examples)));
  }

  /** Length of the flat updater state: the updater's slots for every trainable parameter. */
  public int updaterStateCount() {
    return Math.multiplyExact(updater.stateSlots(), network.trainableCount());
  }

  /** The state a run starts from: a pure function of the workload and the seed. */
  public ReplicaState initialState(long seed) {
    float[] updaterState = new float[updaterStateCount()];
    java.util.Arrays.fill(updaterState, updater.initialState());
    return new ReplicaState(network.initialParameters(seed), updaterState);
  }
}
