package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.jspecify.annotations.Nullable;

/**
 * Examples where they were dealt to, with their bytes: read there by their refs, or delivered by a
 * stream. What is done with them does not know the difference.
 */
final class Dealt {
  private Dealt() {}

  /** What is done with a partition: one segment of one worker, its examples by rank. */
  @FunctionalInterface
  interface Task<T> extends Serializable {
    Iterator<T> call(int partition, ExampleCursor examples);
  }

  /**
   * The partitions of {@link RankPartitioner}. Lazily: nothing is read yet.
   *
   * @param wanted by all that are ranked; a stream sends no others
   */
  static <T> JavaRDD<T> examples(
      JavaSparkContext spark,
      Source source,
      Ranking.Ranked ranked,
      Wanted wanted,
      Dealing dealing,
      Task<T> task) {
    if (source instanceof StreamedSource streamed) {
      RankPartitioner partitioner = new RankPartitioner(dealing, ranked.examples());
      JavaRDD<EncodedExample> examples = streamed.read(spark).filter(new IsWanted(wanted));
      return Delivery.deliver(source.where(), ranked.refs(), examples, partitioner)
          .mapPartitionsWithIndex(new OfStream<>(task), true);
    }
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    return ranked
        .deal(dealing)
        .mapPartitionsWithIndex(new OfRefs<>((ReadableSource) source, configuration, task), true);
  }

  private record IsWanted(Wanted wanted) implements Function<EncodedExample, Boolean> {
    @Override
    public Boolean call(EncodedExample example) {
      return wanted.test(example.origin());
    }
  }

  private record OfRefs<T>(
      ReadableSource source, SerializableConfiguration configuration, Task<T> task)
      implements Function2<Integer, Iterator<ExampleRef>, Iterator<T>> {
    @Override
    public Iterator<T> call(Integer partition, Iterator<ExampleRef> byRank) {
      List<ExampleRef> refs = new ArrayList<>();
      byRank.forEachRemaining(refs::add);
      if (refs.isEmpty()) {
        // Some sources look through all their files when they are opened.
        return task.call(partition, new Streaming(Collections.emptyIterator()));
      }
      ExampleReader reader = source.open(refs, configuration);
      TaskEnd.close(reader::close);
      return task.call(partition, new Reading(refs, reader));
    }
  }

  private record OfStream<T>(Task<T> task)
      implements Function2<Integer, Iterator<Delivered>, Iterator<T>> {
    @Override
    public Iterator<T> call(Integer partition, Iterator<Delivered> byRank) {
      return task.call(partition, new Streaming(byRank));
    }
  }

  private static final class Reading implements ExampleCursor {
    private final List<ExampleRef> refs;
    private final ExampleReader reader;
    private int place = -1;

    Reading(List<ExampleRef> refs, ExampleReader reader) {
      this.refs = refs;
      this.reader = reader;
    }

    @Override
    public boolean advance() {
      place++;
      return place < refs.size();
    }

    @Override
    public ExampleRef ref() {
      return refs.get(place);
    }

    @Override
    public EncodedExample example() throws DecodeFailure {
      return reader.read(place);
    }
  }

  private static final class Streaming implements ExampleCursor {
    private final Iterator<Delivered> examples;
    private @Nullable Delivered current;

    Streaming(Iterator<Delivered> examples) {
      this.examples = examples;
    }

    @Override
    public boolean advance() {
      current = examples.hasNext() ? examples.next() : null;
      return current != null;
    }

    private Delivered current() {
      return Objects.requireNonNull(current);
    }

    @Override
    public ExampleRef ref() {
      return current().ranked().ref();
    }

    @Override
    public EncodedExample example() {
      return current().example();
    }
  }
}
