package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import java.util.Iterator;

/** Executor side: the examples of one segment of a worker to its blocks. */
record Decode(ImageSettings image, Cache cache, int classes) implements Dealt.Task<ShardPart> {
  @Override
  public Iterator<ShardPart> call(int partition, ExampleCursor examples) {
    ExampleDecoder decoder = new ExampleDecoder(image);
    TaskEnd.close(decoder::close);
    return new ShardParts(examples, decoder, image, cache, classes);
  }
}
