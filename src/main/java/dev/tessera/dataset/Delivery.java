package dev.tessera.dataset;

import dev.tessera.error.Printable;
import dev.tessera.error.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings the examples of a {@link StreamedSource} to the workers they are dealt to. Bytes meet
 * ranks by origin, then they are sorted by rank: two shuffles, both on disk where memory is short.
 */
final class Delivery {
  private Delivery() {}

  /**
   * Examples by rank, in the partitions of their workers and segments.
   *
   * @param refs those that are wanted
   * @param examples of the whole source
   */
  static JavaRDD<Delivered> deliver(
      String where,
      JavaRDD<RankedRef> refs,
      JavaRDD<EncodedExample> examples,
      RankPartitioner partitioner) {
    int meeting = Math.max(examples.getNumPartitions(), refs.context().defaultParallelism());
    return refs.map(new OfRef())
        .union(examples.map(new OfExample()))
        .keyBy(new MeetingKey())
        .repartitionAndSortWithinPartitions(new ByOrigin(meeting))
        .values()
        .mapPartitions(new Meet(where))
        .keyBy(new ByRank())
        .repartitionAndSortWithinPartitions(partitioner)
        .values();
  }

  private record OfRef() implements Function<RankedRef, Delivered> {
    @Override
    public Delivered call(RankedRef ranked) {
      return new Delivered(ranked, null);
    }
  }

  private record OfExample() implements Function<EncodedExample, Delivered> {
    @Override
    public Delivered call(EncodedExample example) {
      return new Delivered(null, example);
    }
  }

  private record ByRank() implements Function<Delivered, Long> {
    @Override
    public Long call(Delivered delivered) {
      return delivered.ranked().rank();
    }
  }

  /**
   * Sorts the refs of an origin right before its examples. A text, so that nothing of ours has to
   * be compared by Spark; ends in a zero and 0 or 1, and no zero of the origin is followed by
   * these.
   */
  private record MeetingKey() implements Function<Delivered, String> {
    @Override
    public String call(Delivered delivered) {
      String origin = delivered.origin().replace("\u0000", "\u0000\u0002");
      return origin + (delivered.isRef() ? "\u0000\u0000" : "\u0000\u0001");
    }
  }

  private static final class ByOrigin extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    ByOrigin(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      String text = (String) key;
      return Math.floorMod(text.substring(0, text.length() - 2).hashCode(), partitions);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByOrigin that && partitions == that.partitions;
    }

    @Override
    public int hashCode() {
      return partitions;
    }
  }

  /** Refs and the examples of the same origins, one after the other, to both together. */
  private record Meet(String where) implements FlatMapFunction<Iterator<Delivered>, Delivered> {
    @Override
    public Iterator<Delivered> call(Iterator<Delivered> sorted) {
      return new Meeting(where, sorted);
    }
  }

  private static final class Meeting implements Iterator<Delivered> {
    private final String where;
    private final Iterator<Delivered> sorted;

    /** Of the origin that is looked at, those that have not met their example. */
    private final Deque<RankedRef> waiting = new ArrayDeque<>();

    private @Nullable Delivered next;

    Meeting(String where, Iterator<Delivered> sorted) {
      this.where = where;
      this.sorted = sorted;
      this.next = find();
    }

    private @Nullable Delivered find() {
      while (sorted.hasNext()) {
        Delivered found = sorted.next();
        if (!waiting.isEmpty() && !waiting.element().ref().origin().equals(found.origin())) {
          throw missing(waiting.element());
        }
        if (found.isRef()) {
          waiting.add(found.ranked());
        } else if (!waiting.isEmpty()) {
          // Examples of equal origins are equal: it does not matter which of them meet.
          return new Delivered(waiting.remove(), found.example());
        }
      }
      if (!waiting.isEmpty()) {
        throw missing(waiting.element());
      }
      return null;
    }

    private StorageException missing(RankedRef ranked) {
      String origin = ranked.ref().origin();
      return new StorageException(
          where
              + ": "
              + Printable.of(origin)
              + " was listed and is not there any more. Leave the data alone while they are read, and"
              + " start again.",
          new NoSuchElementException(origin));
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Delivered next() {
      Delivered found = next;
      if (found == null) {
        throw new NoSuchElementException("There are no more examples");
      }
      next = find();
      return found;
    }
  }
}
