package dev.tessera.round;

import dev.tessera.image.BlockDecoder;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The examples of one worker's part of a segment, in blocks, seen as one list of positions. Copies
 * nothing.
 */
public final class Shard {
  private final List<ExampleBlock> blocks;
  private final int[] ends;

  public Shard(List<? extends ExampleBlock> blocks) {
    this.blocks = List.copyOf(blocks);
    this.ends = new int[this.blocks.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += this.blocks.get(i).size();
      ends[i] = end;
    }
  }

  /** Number of examples. */
  public int size() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Whether the examples are pixels, and nothing is left to decode. */
  boolean isDecoded() {
    return blocks.stream().allMatch(PixelBlock.class::isInstance);
  }

  /** Class of every position. */
  int[] labels() {
    return blocks.stream()
        .flatMapToInt(block -> IntStream.range(0, block.size()).map(block::label))
        .toArray();
  }

  /** Fills the minibatch with the examples at {@code order[from]} to {@code order[to - 1]}. */
  public void fill(Minibatch minibatch, int[] order, int from, int to, BlockDecoder decoder) {
    minibatch.clear();
    for (int i = from; i < to; i++) {
      int position = order[i];
      int block = blockOf(position);
      int example = block == 0 ? position : position - ends[block - 1];
      minibatch.add(blocks.get(block), example, decoder);
    }
  }

  private int blockOf(int position) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (position < ends[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
