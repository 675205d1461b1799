package dev.tessera.dataset;

import dev.tessera.image.PixelBlock;
import java.io.Serializable;
import java.util.List;

/**
 * What Spark caches of a shard: a block of examples, and the bad images met on the way to it. They
 * are one element so that the bad ones are known without decoding twice.
 */
final class ShardPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PixelBlock block;
  private final BadImage[] bad;

  ShardPart(PixelBlock block, List<BadImage> bad) {
    this.block = block;
    this.bad = bad.toArray(BadImage[]::new);
  }

  /** May be empty: a shard of bad images only. */
  PixelBlock block() {
    return block;
  }

  List<BadImage> bad() {
    return List.of(bad);
  }
}
