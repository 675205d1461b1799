package dev.tessera.dataset;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * Deals the examples of a set out to workers: rank = place in the order of (hash of the origin,
 * origin), worker = rank mod K. So shards are balanced to one example and independent of listing
 * order, partitions and cluster.
 */
final class Ranking {
  private Ranking() {}

  /** Partition k holds the examples of worker k, in any order. Runs two small Spark jobs. */
  static JavaRDD<RankedRef> deal(JavaRDD<ExampleRef> refs, long seed, int workers) {
    return deal(refs, seed, workers, Math.max(1, refs.context().defaultParallelism()));
  }

  /** As above; the number of partitions of the sort changes nothing. */
  static JavaRDD<RankedRef> deal(JavaRDD<ExampleRef> refs, long seed, int workers, int partitions) {
    JavaRDD<ExampleRef> sorted = refs.sortBy(new ByRankKey(seed), true, partitions);
    long[] offsets = offsets(sorted);
    return sorted
        .mapPartitionsWithIndex(new Rank(offsets), false)
        .keyBy(new WorkerOf(workers))
        .partitionBy(new HashPartitioner(workers))
        .values();
  }

  /** How many examples stand before each partition: one number a partition, none an example. */
  private static long[] offsets(JavaRDD<ExampleRef> sorted) {
    List<Long> counts =
        TaskFailures.unwrapped(() -> sorted.mapPartitionsWithIndex(new Count(), false).collect());
    long[] offsets = new long[counts.size()];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = offsets[i - 1] + counts.get(i - 1);
    }
    return offsets;
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

  private record WorkerOf(int workers) implements Function<RankedRef, Integer> {
    @Override
    public Integer call(RankedRef ranked) {
      return (int) (ranked.rank() % workers);
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
