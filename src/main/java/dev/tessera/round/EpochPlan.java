package dev.tessera.round;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.Serializable;
import java.util.List;

/**
 * Which examples make up which minibatch of which round: a pure function of the seed, the sizes of
 * the shards, the batch size and the averaging frequency. An epoch ends for all workers together; a
 * worker with a smaller shard has fewer minibatches in its last rounds, or none.
 *
 * @param shardSizes examples of every worker's shard, which may be 0 for some
 * @param averagingFrequency minibatches of each worker in a round, at least 1
 */
public record EpochPlan(long seed, int batchSize, int averagingFrequency, List<Integer> shardSizes)
    implements Serializable {
  public EpochPlan {
    shardSizes = List.copyOf(shardSizes);
    if (batchSize < 1 || averagingFrequency < 1) {
      throw new IllegalArgumentException(
          "Invalid plan of minibatches of "
              + batchSize
              + ", averaged every "
              + averagingFrequency
              + ": both must be at least 1");
    }
    if (shardSizes.stream().allMatch(size -> size == 0)) {
      throw new IllegalArgumentException(
          "Cannot plan an epoch over " + shardSizes.size() + " empty shards");
    }
  }

  public int workers() {
    return shardSizes.size();
  }

  /** Minibatches in an epoch of the worker with the largest shard; at least 1. */
  public int stepsPerEpoch() {
    return shardSizes.stream().mapToInt(this::minibatches).max().orElseThrow();
  }

  public int roundsPerEpoch() {
    return ceilDiv(stepsPerEpoch(), averagingFrequency);
  }

  /** The round of that index in the run, from 0. */
  public RoundPlan round(int index) {
    int inEpoch = index % roundsPerEpoch();
    int first = inEpoch * averagingFrequency;
    return new RoundPlan(
        index,
        index / roundsPerEpoch(),
        first,
        Math.min(first + averagingFrequency, stepsPerEpoch()));
  }

  /** Minibatches of a worker in an epoch, the last of which may be smaller. */
  public int minibatchesOf(int worker) {
    return minibatches(shardSizes.get(worker));
  }

  /** Positions in the worker's shard in the order in which the epoch visits them. */
  public int[] order(int epoch, int worker) {
    return RandomStream.of(seed, Purpose.EXAMPLE_ORDER, epoch, worker)
        .permutation(shardSizes.get(worker));
  }

  /**
   * Steps that a worker with the largest shard has done before the given step of the given epoch;
   * counts Adam's t.
   */
  public long iteration(int epoch, int step) {
    return (long) epoch * stepsPerEpoch() + step;
  }

  /** Key of the dropout masks of one step. */
  public long dropoutSeed(int epoch, int worker, int step) {
    return RandomStream.key(seed, Purpose.DROPOUT, epoch, worker, step);
  }

  /** Key of the augmentation of one step. */
  public long augmentationSeed(int epoch, int worker, int step) {
    return RandomStream.key(seed, Purpose.AUGMENTATION, epoch, worker, step);
  }

  private int minibatches(int size) {
    return ceilDiv(size, batchSize);
  }

  private static int ceilDiv(int a, int b) {
    return a / b + (a % b == 0 ? 0 : 1);
  }
}
