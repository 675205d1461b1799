package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BalancedOrderTest {
  /** 90 of class 0, 9 of class 2, 1 of class 3, none of class 1. */
  private static final int[] LABELS = new int[100];

  static {
    Arrays.fill(LABELS, 90, 99, 2);
    LABELS[99] = 3;
  }

  private static int[] order(long seed) {
    return BalancedOrder.of(LABELS, RandomStream.of(seed, Purpose.EXAMPLE_ORDER));
  }

  private static long count(int[] order, int from, int to) {
    return Arrays.stream(order).filter(at -> at >= from && at < to).count();
  }

  @Test
  void drawsEveryClassEquallyOftenAndAsManyInAll() {
    int[] order = order(1);
    assertThat(order).hasSize(100);
    assertThat(count(order, 0, 90)).isBetween(33L, 34L);
    assertThat(count(order, 90, 99)).isBetween(33L, 34L);
    assertThat(count(order, 99, 100)).isBetween(33L, 34L);
  }

  @Test
  void comesBackToAnExampleOnlyWhenItsClassIsThrough() {
    int[] order = order(1);
    assertThat(Arrays.stream(order).filter(at -> at < 90).toArray()).doesNotHaveDuplicates();
    for (int at = 90; at < 99; at++) {
      assertThat(count(order, at, at + 1)).isBetween(3L, 4L);
    }
  }

  @Test
  void followsTheSeedAlone() {
    assertThat(order(1)).isEqualTo(order(1)).isNotEqualTo(order(2));
  }

  @Test
  void withoutLabelsItIsEmpty() {
    assertThat(BalancedOrder.of(new int[0], RandomStream.of(1, Purpose.EXAMPLE_ORDER))).isEmpty();
  }
}
