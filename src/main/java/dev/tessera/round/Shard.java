package dev.tessera.round;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import java.util.List;

/** The examples of one worker, in blocks, seen as one list of positions. Copies nothing. */
public final class Shard {
  private final List<PixelBlock> blocks;
  private final int[] ends;

  public Shard(List<PixelBlock> blocks) {
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

  /** Fills the minibatch with the examples at {@code order[from]} to {@code order[to - 1]}. */
  public void fill(Minibatch minibatch, int[] order, int from, int to) {
    minibatch.clear();
    for (int i = from; i < to; i++) {
      int position = order[i];
      int block = blockOf(position);
      minibatch.add(blocks.get(block), block == 0 ? position : position - ends[block - 1]);
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
