package dev.tessera.engine;

import dev.tessera.image.PixelScaling;
import dev.tessera.network.NetworkPlan;
import java.io.Serializable;

/**
 * What a replica computes, fixed for a whole run: equal workloads give equal arithmetic, so it is
 * also the key under which open replicas are kept.
 *
 * @param batchSize largest minibatch, in examples
 * @param l2 factor of half the squared L2 norm of the weights (not biases, gamma, beta) that is
 *     added to the loss; at least 0
 */
public record Workload(
    NetworkPlan network, PixelScaling scaling, Updater updater, double l2, int batchSize)
    implements Serializable {
  public Workload {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "Invalid batch size " + batchSize + ": it must be at least 1");
    }
    if (!(l2 >= 0 && l2 < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Invalid l2 " + l2 + ": it must be at least 0");
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
    return new Workload(network, scaling, updater, l2, Math.max(1, Math.min(batchSize, examples)));
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
