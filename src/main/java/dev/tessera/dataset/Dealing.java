package dev.tessera.dataset;

import dev.tessera.network.Shape;
import java.io.Serializable;

/**
 * How a set is dealt out: to how many workers, and into segments of how many examples of one
 * worker. Position of an example in its shard = rank div workers, segment = position div that.
 *
 * @param workers at least 1
 * @param segmentExamples at least 1
 */
public record Dealing(int workers, int segmentExamples) implements Serializable {
  /** Pixels of a segment unless a round takes more: what a task holds at once. */
  private static final long SEGMENT_BYTES = 128L << 20;

  public Dealing {
    if (workers < 1 || segmentExamples < 1) {
      throw new IllegalArgumentException(
          "Cannot deal to " + workers + " workers in segments of " + segmentExamples);
    }
  }

  /**
   * Segments of whole rounds that a task can hold.
   *
   * @param roundExamples of one worker in one round, at least 1
   */
  public static Dealing of(int workers, long roundExamples, Shape.Image shape) {
    long rounds = Math.max(1, SEGMENT_BYTES / shape.size() / roundExamples);
    return new Dealing(workers, (int) Math.min(Integer.MAX_VALUE, rounds * roundExamples));
  }

  /** Segments of one round each: what is not cached is then read once an epoch. */
  public static Dealing byRound(int workers, long roundExamples) {
    return new Dealing(workers, (int) Math.min(Integer.MAX_VALUE, roundExamples));
  }

  /** Partitions of a set of that many examples: workers times segments, at least one a worker. */
  int partitions(long examples) {
    long perWorker = (examples + workers - 1) / workers;
    long segments = Math.max(1, (perWorker + segmentExamples - 1) / segmentExamples);
    return Math.toIntExact(segments * workers);
  }

  /** Segment x workers + worker. */
  int partition(long rank) {
    return (int) (rank / workers / segmentExamples * workers + rank % workers);
  }
}
