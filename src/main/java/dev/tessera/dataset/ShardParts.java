package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import dev.tessera.image.PixelBlock;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Fills blocks of about 4 MB, one at a time: large enough that Spark's cache has few objects, small
 * enough to spill.
 */
final class ShardParts implements Iterator<ShardPart> {
  private static final int BLOCK_BYTES = 4 << 20;

  private final List<ExampleRef> refs;
  private final ExampleReader reader;
  private final Shape.Image shape;
  private int place;

  ShardParts(List<ExampleRef> refs, ExampleReader reader, Shape.Image shape) {
    this.refs = refs;
    this.reader = reader;
    this.shape = shape;
  }

  @Override
  public boolean hasNext() {
    return place < refs.size();
  }

  @Override
  public ShardPart next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The shard ends after " + refs.size() + " examples");
    }
    int capacity = Math.min(examplesPerBlock(shape), refs.size() - place);
    byte[] pixels = new byte[capacity * shape.size()];
    List<ExampleRef> good = new ArrayList<>();
    List<BadImage> bad = new ArrayList<>();
    while (good.size() < capacity && hasNext()) {
      ExampleRef ref = refs.get(place);
      try {
        reader.read(place, pixels, good.size() * shape.size());
        good.add(ref);
      } catch (DecodeFailure e) {
        bad.add(BadImage.of(ref.origin(), e));
      }
      place++;
    }
    return new ShardPart(block(pixels, good), bad);
  }

  static int examplesPerBlock(Shape.Image shape) {
    return Math.max(1, BLOCK_BYTES / shape.size());
  }

  private PixelBlock block(byte[] pixels, List<ExampleRef> good) {
    int used = good.size() * shape.size();
    return new PixelBlock(
        shape,
        used == pixels.length ? pixels : Arrays.copyOf(pixels, used),
        good.stream().mapToInt(ExampleRef::label).toArray(),
        good.stream().map(ExampleRef::origin).toArray(String[]::new));
  }
}
