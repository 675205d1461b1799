package dev.tessera.dataset;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * Deals the examples of a set out to workers: rank = place in the order of (hash of the origin,
 * origin), worker = rank mod K, position = rank div K. So shards are balanced to one example and
 * independent of listing order, partitions and cluster.
 */
final class Ranking {
  private Ranking() {}

  /** Runs two small Spark jobs. */
  static Ranked rank(JavaRDD<ExampleRef> refs, long seed) {
    return rank(refs, seed, Math.max(1, refs.context().defaultParallelism()));
  }

  /** As above; the number of partitions of the sort changes nothing. */
  static Ranked rank(JavaRDD<ExampleRef> refs, long seed, int partitions) {
    JavaRDD<ExampleRef> sorted = refs.sortBy(new ByRankKey(seed), true, partitions);
    long[] counts = counts(sorted);
    long[] offsets = new long[counts.length];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = offsets[i - 1] + counts[i - 1];
    }
    return new Ranked(
        sorted.mapPartitionsWithIndex(new Rank(offsets), false), Arrays.stream(counts).sum());
  }

  /**
   * A set with its ranks.
   *
   * @param examples how many
   */
  record Ranked(JavaRDD<RankedRef> refs, long examples) {

    /** The partitions of {@link RankPartitioner}, each in the order of ranks. */
    JavaRDD<ExampleRef> deal(Dealing dealing) {
      return refs.keyBy(new RankOf())
          .repartitionAndSortWithinPartitions(new RankPartitioner(dealing, examples))
          .values()
          .map(new Ref());
    }
  }

  /** One number a partition, none an example. */
  private static long[] counts(JavaRDD<ExampleRef> sorted) {
    return TaskFailures.unwrapped(() -> sorted.mapPartitionsWithIndex(new Count(), false).collect())
        .stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  /**
   * The order as a text: sixteen hexadecimal digits of the hash, then the origin against equal
   * hashes. A text, so that nothing of ours has to be compared or moved by Spark's sort.
   */
  static String rankKey(long seed, String origin) {
    String hash = Long.toHexString(RandomStream.hash64(seed, Purpose.SHARD_RANK, origin));
    return "0".repeat(16 - hash.length()) + hash + origin;
  }

  private record ByRankKey(long seed) implements Function<ExampleRef, String> {
    @Override
    public String call(ExampleRef ref) {
      return rankKey(seed, ref.origin());
    }
  }

  private record RankOf() implements Function<RankedRef, Long> {
    @Override
    public Long call(RankedRef ranked) {
      return ranked.rank();
    }
  }

  private record Ref() implements Function<RankedRef, ExampleRef> {
    @Override
    public ExampleRef call(RankedRef ranked) {
      return ranked.ref();
    }
  }

  private record Count() implements Function2<Integer, Iterator<ExampleRef>, Iterator<Long>> {
    @Override
    public Iterator<Long> call(Integer partition, Iterator<ExampleRef> refs) {
      long count = 0;
      while (refs.hasNext()) {
        refs.next();
        count++;
      }
      return List.of(count).iterator();
    }
  }

  // Not a record: it holds an array.
  private static final class Rank
      implements Function2<Integer, Iterator<ExampleRef>, Iterator<RankedRef>> {
    private static final long serialVersionUID = 1L;

    private final long[] offsets;

    Rank(long[] offsets) {
      this.offsets = offsets;
    }

    @Override
    public Iterator<RankedRef> call(Integer partition, Iterator<ExampleRef> refs) {
      return new Iterator<>() {
        private long next = offsets[partition];

        @Override
        public boolean hasNext() {
          return refs.hasNext();
        }

        @Override
        public RankedRef next() {
          return new RankedRef(next++, refs.next());
        }
      };
    }
  }
}
