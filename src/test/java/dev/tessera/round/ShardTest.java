package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardTest {
  private static final int VALUES = Toy.SHAPE.size();

  @Test
  void positionsRunOnOverBlocksEmptyOnesIncluded() {
    List<PixelBlock> blocks =
        List.of(
            Toy.block(1, 0, 0),
            Toy.block(2, 3, 0),
            Toy.block(3, 1, 0),
            Toy.block(4, 0, 0),
            Toy.block(5, 6, 0),
            Toy.block(6, 0, 0));
    Shard shard = new Shard(blocks);
    assertThat(shard.size()).isEqualTo(10);
    int[] order = RandomStream.of(3, Purpose.EXAMPLE_ORDER).permutation(10);
    Minibatch minibatch = new Minibatch(Toy.SHAPE, 10);
    for (int from = 0; from < 10; from++) {
      for (int to = from; to <= 10; to++) {
        shard.fill(minibatch, order, from, to, Toy.decoder());
        assertThat(minibatch.size()).isEqualTo(to - from);
        for (int i = from; i < to; i++) {
          check(minibatch, i - from, blocks, order[i]);
        }
      }
    }
  }

  /** Against a walk through the blocks. */
  private static void check(Minibatch minibatch, int at, List<PixelBlock> blocks, int position) {
    int rest = position;
    for (PixelBlock block : blocks) {
      if (rest < block.size()) {
        byte[] expected = new byte[VALUES];
        block.copyPixels(rest, expected, 0);
        assertThat(Arrays.copyOfRange(minibatch.pixels(), at * VALUES, (at + 1) * VALUES))
            .isEqualTo(expected);
        assertThat(minibatch.labels()[at]).isEqualTo(block.label(rest));
        return;
      }
      rest -= block.size();
    }
    throw new AssertionError("position " + position);
  }

  @Test
  void withoutBlocksItIsEmpty() {
    assertThat(new Shard(List.of()).size()).isZero();
    assertThat(new Shard(List.of(Toy.block(1, 0, 0))).size()).isZero();
  }
}
