package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ImageSettings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Executor side: the refs of one segment of a worker, by rank, to its blocks. */
record DecodeShard(
    Source source,
    ImageSettings image,
    Cache cache,
    int classes,
    SerializableConfiguration configuration)
    implements FlatMapFunction<Iterator<ExampleRef>, ShardPart> {

  @Override
  public Iterator<ShardPart> call(Iterator<ExampleRef> byRank) {
    List<ExampleRef> refs = new ArrayList<>();
    byRank.forEachRemaining(refs::add);
    ExampleReader reader = source.open(refs, configuration);
    ExampleDecoder decoder = new ExampleDecoder(image);
    TaskEnd.close(reader::close);
    TaskEnd.close(decoder::close);
    return new ShardParts(new Reading(refs, reader), decoder, image, cache, classes);
  }

  /** Goes through refs with a reader that was opened for them. */
  static ExampleCursor cursor(List<ExampleRef> refs, ExampleReader reader) {
    return new Reading(refs, reader);
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
}
