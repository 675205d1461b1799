package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import java.util.Iterator;
import java.util.Objects;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/** Executor side: the delivered examples of one segment of a worker, by rank, to its blocks. */
record DecodeStream(ImageSettings image, Cache cache, int classes)
    implements FlatMapFunction<Iterator<Delivered>, ShardPart> {

  @Override
  public Iterator<ShardPart> call(Iterator<Delivered> byRank) {
    ExampleDecoder decoder = new ExampleDecoder(image);
    TaskEnd.close(decoder::close);
    return new ShardParts(new Streaming(byRank), decoder, image, cache, classes);
  }

  /** Goes through examples that come with their bytes. */
  static ExampleCursor cursor(Iterator<Delivered> byRank) {
    return new Streaming(byRank);
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
