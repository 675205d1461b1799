package dev.tessera.dataset;

import dev.tessera.image.ExampleBlock;
import java.io.Serializable;
import java.util.List;

/**
 * What Spark caches of a shard: a block of examples, the bad images met on the way to it, and what
 * was counted. They are one element so that nothing is decoded twice to know them.
 */
final class ShardPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExampleBlock block;
  private final BadImage[] bad;
  private final SetFigures figures;

  ShardPart(ExampleBlock block, List<BadImage> bad, SetFigures figures) {
    this.block = block;
    this.bad = bad.toArray(BadImage[]::new);
    this.figures = figures;
  }

  /** What is known of it, and no examples. */
  ShardPart withoutBlock() {
    return new ShardPart(BlockBuilder.ofFiles().build(), bad(), figures);
  }

  /** May be empty: a part of bad images only. */
  ExampleBlock block() {
    return block;
  }

  List<BadImage> bad() {
    return List.of(bad);
  }

  SetFigures figures() {
    return figures;
  }
}
