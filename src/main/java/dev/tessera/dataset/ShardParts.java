package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Decodes the examples of a segment and fills blocks with them, one at a time. */
final class ShardParts implements Iterator<ShardPart> {
  private final ExampleCursor cursor;
  private final ExampleDecoder decoder;
  private final ImageSettings image;
  private final Cache cache;
  private final int classes;
  private boolean more;

  ShardParts(
      ExampleCursor cursor, ExampleDecoder decoder, ImageSettings image, Cache cache, int classes) {
    this.cursor = cursor;
    this.decoder = decoder;
    this.image = image;
    this.cache = cache;
    this.classes = classes;
    this.more = cursor.advance();
  }

  @Override
  public boolean hasNext() {
    return more;
  }

  @Override
  public ShardPart next() {
    if (!more) {
      throw new NoSuchElementException("The shard has no more examples");
    }
    SetFigures figures = new SetFigures(classes, image.channels());
    List<BadImage> bad = new ArrayList<>();
    byte[] pixels = new byte[image.shape().size()];
    @Nullable BlockBuilder block = null;
    while (more && (block == null || !block.isFull())) {
      try {
        EncodedExample example = cursor.example();
        decoder.decode(example, pixels, 0);
        // Not before: what is bad may be neither pixels nor a file.
        block = block == null ? builder(example) : block;
        figures.add(cursor.ref(), pixels);
        block.add(cursor.ref(), example, pixels);
      } catch (DecodeFailure e) {
        figures.addBad();
        bad.add(new BadImage(cursor.ref(), e));
      }
      more = cursor.advance();
    }
    ExampleBlock examples = block == null ? BlockBuilder.ofFiles().build() : block.build();
    return new ShardPart(examples, bad, figures);
  }

  /** A source has files or pixels, never both: the first example tells. */
  private BlockBuilder builder(EncodedExample first) {
    return cache == Cache.ENCODED && first.raw() == null
        ? BlockBuilder.ofFiles()
        : BlockBuilder.ofPixels(image.shape());
  }
}
