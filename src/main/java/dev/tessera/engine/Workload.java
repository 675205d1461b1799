package dev.tessera.engine;

import dev.tessera.image.Minibatch;
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

  /**
   * Refuses a minibatch that a replica of this workload can't run.
   *
   * @throws IllegalArgumentException if its pictures are of another shape than the network's, or it
   *     has none or more than {@code batchSize} of them
   */
  public void check(Minibatch minibatch) {
    if (!minibatch.shape().equals(network.input())) {
      throw new IllegalArgumentException(
          "Cannot run pictures of "
              + minibatch.shape()
              + " through a network for "
              + network.input());
    }
    if (minibatch.size() < 1 || minibatch.size() > batchSize) {
      throw new IllegalArgumentException(
          "Cannot run a minibatch of "
              + minibatch.size()
              + " examples on a replica for 1 to "
              + batchSize);
    }
  }

  /**
   * Refuses labels that are no class.
   *
   * @throws IllegalArgumentException naming the first
   */
  public void checkLabels(Minibatch minibatch) {
    for (int i = 0; i < minibatch.size(); i++) {
      checkLabel(minibatch.labels()[i], i);
      if (minibatch.isMixed()) {
        checkLabel(minibatch.otherLabel(i), i);
      }
    }
  }

  private void checkLabel(int label, int example) {
    if (label < 0 || label >= network.classes()) {
      throw new IllegalArgumentException(
          "Cannot train on label "
              + label
              + " of example "
              + example
              + ": the network has "
              + network.classes()
              + " classes, 0 to "
              + (network.classes() - 1));
    }
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
