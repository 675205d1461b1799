package dev.tessera.round;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which examples make up which minibatch of which round: a pure function of the seed, the sizes of
 * the shards, the batch size and the averaging frequency. An epoch ends for all workers together; a
 * worker with a smaller shard has fewer minibatches in its last rounds, or none.
 *
 * <p>A shard that is too large to be held at once is cut into segments, equal in place for all
 * workers. An epoch goes through the segments in an order of its own and through the examples of
 * each in random order; no round reaches over the end of a segment. Examples are dealt to segments
 * by a hash, so that every segment is a random sample of the set.
 *
 * @param averagingFrequency minibatches of each worker in a round, at least 1
 * @param segmentSizes examples of every worker's part of a segment, which may be 0 for some; that
 *     of worker k in segment s is number s x workers + k
 */
public record EpochPlan(
    long seed, int batchSize, int averagingFrequency, int workers, List<Integer> segmentSizes)
    implements Serializable {
  public EpochPlan {
    segmentSizes = List.copyOf(segmentSizes);
    if (batchSize < 1 || averagingFrequency < 1) {
      throw new IllegalArgumentException(
          "Invalid plan of minibatches of "
              + batchSize
              + ", averaged every "
              + averagingFrequency
              + ": both must be at least 1");
    }
    if (workers < 1 || segmentSizes.size() % workers != 0) {
      throw new IllegalArgumentException(
          "Cannot plan " + segmentSizes.size() + " parts of segments for " + workers + " workers");
    }
    if (segmentSizes.stream().allMatch(size -> size == 0)) {
      throw new IllegalArgumentException("Cannot plan an epoch over " + workers + " empty shards");
    }
  }

  /** Shards of one segment. */
  public EpochPlan(long seed, int batchSize, int averagingFrequency, List<Integer> shardSizes) {
    this(seed, batchSize, averagingFrequency, shardSizes.size(), shardSizes);
  }

  public int segments() {
    return segmentSizes.size() / workers;
  }

  /** Examples of a worker's part of a segment. */
  public int size(int segment, int worker) {
    return segmentSizes.get(segment * workers + worker);
  }

  /** Minibatches in an epoch of the worker that has most; at least 1. */
  public int stepsPerEpoch() {
    return IntStream.range(0, segments()).map(this::steps).sum();
  }

  public int roundsPerEpoch() {
    return IntStream.range(0, segments()).map(this::rounds).sum();
  }

  /** The round of that index in the run, from 0. */
  public RoundPlan round(int index) {
    int epoch = index / roundsPerEpoch();
    int inEpoch = index % roundsPerEpoch();
    int stepsBefore = 0;
    for (int segment : segmentOrder(epoch)) {
      if (inEpoch < rounds(segment)) {
        int first = inEpoch * averagingFrequency;
        int end = Math.min(first + averagingFrequency, steps(segment));
        return new RoundPlan(index, epoch, segment, stepsBefore, first, end);
      }
      inEpoch -= rounds(segment);
      stepsBefore += steps(segment);
    }
    throw new IllegalStateException("Cannot find round " + index + " in " + this);
  }

  /** Whether it is the last of its epoch. */
  public boolean endsEpoch(RoundPlan round) {
    return round.stepsBefore() + round.endStep() == stepsPerEpoch();
  }

  /** Minibatches of a worker in a segment, the last of which may be smaller. */
  public int minibatchesOf(int segment, int worker) {
    return ceilDiv(size(segment, worker), batchSize);
  }

  /** Positions in the worker's part of a segment in the order in which the epoch visits them. */
  public int[] order(int epoch, int segment, int worker) {
    return orderStream(epoch, segment, worker).permutation(size(segment, worker));
  }

  /** The random numbers that order a worker's part of a segment. */
  RandomStream orderStream(int epoch, int segment, int worker) {
    return RandomStream.of(seed, Purpose.EXAMPLE_ORDER, epoch, segment * workers + worker);
  }

  /**
   * Steps that a worker with the largest shard has done before the given step of the given epoch;
   * counts Adam's t.
   */
  public long iteration(int epoch, int step) {
    return (long) epoch * stepsPerEpoch() + step;
  }

  /** Key of the dropout masks of one step of an epoch. */
  public long dropoutSeed(int epoch, int worker, int step) {
    return RandomStream.key(seed, Purpose.DROPOUT, epoch, worker, step);
  }

  /** Key of the augmentation of one step of an epoch. */
  public long augmentationSeed(int epoch, int worker, int step) {
    return RandomStream.key(seed, Purpose.AUGMENTATION, epoch, worker, step);
  }

  /** The last segment, which may be smaller, ends every epoch. */
  private int[] segmentOrder(int epoch) {
    int full = segments() - 1;
    int[] order = new int[full + 1];
    int[] shuffled = RandomStream.of(seed, Purpose.EXAMPLE_ORDER, epoch).permutation(full);
    System.arraycopy(shuffled, 0, order, 0, full);
    order[full] = full;
    return order;
  }

  private int steps(int segment) {
    return IntStream.range(0, workers)
        .map(worker -> minibatchesOf(segment, worker))
        .max()
        .orElseThrow();
  }

  private int rounds(int segment) {
    return ceilDiv(steps(segment), averagingFrequency);
  }

  private static int ceilDiv(int a, int b) {
    return a / b + (a % b == 0 ? 0 : 1);
  }
}
