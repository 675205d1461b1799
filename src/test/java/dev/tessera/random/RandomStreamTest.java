package dev.tessera.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The frozen values were computed by a second implementation in arbitrary-precision integers. They
 * are the promise "same job, same bits" over releases: a change here breaks every resumed run.
 */
class RandomStreamTest {
  private static final int DRAWS = 200_000;

  /** Five standard deviations of a count of DRAWS trials of probability 1/2. */
  private static final double HALF_TOLERANCE = 5 * Math.sqrt(0.25 / DRAWS);

  /** Five standard deviations of the mean of DRAWS standard normal values. */
  private static final double NORMAL_MEAN_TOLERANCE = 5 / Math.sqrt(DRAWS);

  /** Five standard deviations of the variance of DRAWS standard normal values. */
  private static final double NORMAL_VARIANCE_TOLERANCE = 5 * Math.sqrt(2.0 / DRAWS);

  /** Chi-square with 96 degrees of freedom exceeds this once in a million. */
  private static final double CHI_SQUARE_96 = 172;

  @Test
  void drawsTheFrozenBits() {
    RandomStream stream = RandomStream.of(42, Purpose.INITIALISATION);
    assertThat(new long[] {stream.nextLong(), stream.nextLong(), stream.nextLong()})
        .containsExactly(0x6310bf04d8207f46L, 0xebdb7216a4ffed50L, 0x15471cce9858769bL);
    RandomStream order = RandomStream.of(42, Purpose.EXAMPLE_ORDER, 1, 2);
    assertThat(new long[] {order.nextLong(), order.nextLong()})
        .containsExactly(0x2a1f6b7e2f99b1b2L, 0xebf1007106eb737bL);
    RandomStream dropout = RandomStream.of(-7, Purpose.DROPOUT, 0, 3, 9);
    assertThat(new long[] {dropout.nextLong(), dropout.nextLong()})
        .containsExactly(0x15c2d5d17982daedL, 0xc9f5110026f85e20L);
  }

  @Test
  void makesTheFrozenKeys() {
    assertThat(RandomStream.key(42, Purpose.DROPOUT, 1, 2, 3)).isEqualTo(0xecf94bead72c979eL);
    assertThat(RandomStream.key(42, Purpose.DROPOUT, -1)).isEqualTo(0xe83766ce065cb940L);
  }

  @Test
  void hashesToTheFrozenBits() {
    assertThat(RandomStream.hash64(42, Purpose.SHARD_RANK, "")).isEqualTo(0xf4abd143feb24055L);
    assertThat(RandomStream.hash64(42, Purpose.SHARD_RANK, "photos/train/cat/1.jpg"))
        .isEqualTo(0xbe37ed6fb3cc001L);
    assertThat(RandomStream.hash64(42, Purpose.SPLIT, "photos/train/cat/1.jpg"))
        .isEqualTo(0x34f4e5915e7bc6aeL);
    assertThat(RandomStream.hash64(42, Purpose.SHARD_RANK, "Gr\u00f6\u00dfe/\u732b.png"))
        .isEqualTo(0xe250060a33db7a34L);
  }

  @Test
  void drawsTheFrozenNumbers() {
    RandomStream doubles = RandomStream.of(42, Purpose.INITIALISATION);
    assertThat(new double[] {doubles.nextDouble(), doubles.nextDouble(), doubles.nextDouble()})
        .containsExactly(0x1.8c42fc136081ep-2, 0x1.d7b6e42d49ffdp-1, 0x1.5471cce985870p-4);
    RandomStream ints = RandomStream.of(42, Purpose.INITIALISATION);
    assertThat(IntStream.range(0, 16).map(i -> ints.nextInt(10)))
        .containsExactly(3, 9, 0, 6, 4, 1, 0, 3, 8, 4, 7, 2, 8, 7, 5, 5);
    assertThat(IntStream.range(0, 3).map(i -> ints.nextInt(Integer.MAX_VALUE)))
        .containsExactly(1371912539, 18294310, 1247941828);
    RandomStream normal = RandomStream.of(42, Purpose.INITIALISATION);
    assertThat(IntStream.range(0, 4).mapToDouble(i -> normal.nextGaussian()))
        .containsExactly(
            -0x1.8811a95f24945p-3,
            0x1.6d5f0d085ab2dp-1,
            -0x1.8356ff424ef74p-1,
            0x1.80a025abbc540p-3);
  }

  @Test
  void permutesToTheFrozenOrders() {
    assertThat(RandomStream.of(42, Purpose.EXAMPLE_ORDER, 0, 0).permutation(12))
        .containsExactly(2, 11, 0, 6, 10, 3, 4, 1, 9, 8, 5, 7);
    assertThat(RandomStream.of(42, Purpose.EXAMPLE_ORDER, 1, 0).permutation(12))
        .containsExactly(11, 1, 2, 9, 7, 10, 4, 3, 0, 6, 5, 8);
  }

  @Test
  void purposeCodesAreFrozen() {
    assertThat(Arrays.stream(Purpose.values()).map(p -> p + " " + p.code()))
        .containsExactly(
            "INITIALISATION 1",
            "SHARD_RANK 2",
            "EXAMPLE_ORDER 3",
            "DROPOUT 4",
            "SPLIT 5",
            "AUGMENTATION 6",
            "SHOWN_EXAMPLES 7");
  }

  @Test
  void equalKeysGiveEqualStreams() {
    RandomStream one = RandomStream.of(7, Purpose.SPLIT, 3, 4);
    RandomStream other = RandomStream.of(7, Purpose.SPLIT, 3, 4);
    for (int i = 0; i < 100; i++) {
      assertThat(one.nextGaussian()).isEqualTo(other.nextGaussian());
    }
  }

  @Test
  void keysDifferBySeedPurposeAndEveryCoordinate() {
    Set<Long> keys = new HashSet<>();
    int made = 0;
    for (long seed : new long[] {0, 1, 42, -1, Long.MIN_VALUE}) {
      for (Purpose purpose : Purpose.values()) {
        keys.add(RandomStream.key(seed, purpose));
        made++;
        for (int a = 0; a < 20; a++) {
          keys.add(RandomStream.key(seed, purpose, a));
          made++;
          for (int b = 0; b < 20; b++) {
            keys.add(RandomStream.key(seed, purpose, a, b));
            made++;
          }
        }
      }
    }
    assertThat(keys).hasSize(made);
  }

  @Test
  void hashesDifferBySeedPurposeAndText() {
    Set<Long> hashes = new HashSet<>();
    int made = 0;
    for (long seed = 0; seed < 3; seed++) {
      for (Purpose purpose : Purpose.values()) {
        for (String text : new String[] {"", "a", "b", "ab", "ba", "aa", "\u0000", "a\u0000"}) {
          hashes.add(RandomStream.hash64(seed, purpose, text));
          made++;
        }
      }
    }
    assertThat(hashes).hasSize(made);
  }

  @Test
  void everyBitIsSetHalfOfTheTime() {
    long[] set = new long[64];
    RandomStream stream = RandomStream.of(1, Purpose.AUGMENTATION);
    for (int i = 0; i < DRAWS; i++) {
      long bits = stream.nextLong();
      for (int bit = 0; bit < 64; bit++) {
        set[bit] += bits >>> bit & 1;
      }
    }
    for (int bit = 0; bit < 64; bit++) {
      assertThat((double) set[bit] / DRAWS).as("bit " + bit).isCloseTo(0.5, within(HALF_TOLERANCE));
    }
  }

  @Test
  void firstDrawsOfNeighbouringStreamsAreUniform() {
    long below = 0;
    for (int step = 0; step < DRAWS; step++) {
      double draw = RandomStream.of(1, Purpose.DROPOUT, 0, 0, step).nextDouble();
      assertThat(draw).isGreaterThanOrEqualTo(0).isLessThan(1);
      below += draw < 0.5 ? 1 : 0;
    }
    assertThat((double) below / DRAWS).isCloseTo(0.5, within(HALF_TOLERANCE));
  }

  @Test
  void nextIntIsEquallyOftenEveryNumber() {
    int bound = 97;
    long[] counts = new long[bound];
    RandomStream stream = RandomStream.of(3, Purpose.SPLIT);
    for (int i = 0; i < DRAWS; i++) {
      counts[stream.nextInt(bound)]++;
    }
    double expected = (double) DRAWS / bound;
    double chiSquare =
        Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
    assertThat(chiSquare).isLessThan(CHI_SQUARE_96);
  }

  /** Multiply and shift without rejection gives a third of the numbers twice as often here. */
  @Test
  void nextIntIsUnbiasedWhereTheBoundDoesNotDivideTheRange() {
    int bound = 3 << 29;
    long[] counts = new long[3];
    RandomStream stream = RandomStream.of(4, Purpose.SPLIT);
    for (int i = 0; i < DRAWS; i++) {
      counts[stream.nextInt(bound) % 3]++;
    }
    for (long count : counts) {
      assertThat((double) count / DRAWS).isCloseTo(1 / 3.0, within(HALF_TOLERANCE));
    }
  }

  @Test
  void nextIntBelowOneIsZero() {
    assertThat(RandomStream.of(1, Purpose.SPLIT).nextInt(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void refusesBoundsBelowOne(int bound) {
    assertThatThrownBy(() -> RandomStream.of(1, Purpose.SPLIT).nextInt(bound))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot draw below bound " + bound + ": it must be at least 1");
  }

  @Test
  void gaussiansHaveMeanZeroAndVarianceOne() {
    RandomStream stream = RandomStream.of(5, Purpose.INITIALISATION);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double value = stream.nextGaussian();
      sum += value;
      squares += value * value;
    }
    assertThat(sum / DRAWS).isCloseTo(0, within(NORMAL_MEAN_TOLERANCE));
    assertThat(squares / DRAWS).isCloseTo(1, within(NORMAL_VARIANCE_TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 17, 1000, 4096})
  void permutationHasEveryNumberOnce(int size) {
    int[] order = RandomStream.of(6, Purpose.EXAMPLE_ORDER, size).permutation(size);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    assertThat(sorted).isEqualTo(IntStream.range(0, size).toArray());
  }

  @Test
  void permutationPutsEveryNumberEverywhere() {
    int size = 6;
    int permutations = 36_000;
    long[][] places = new long[size][size];
    RandomStream stream = RandomStream.of(7, Purpose.EXAMPLE_ORDER);
    for (int i = 0; i < permutations; i++) {
      int[] order = stream.permutation(size);
      for (int place = 0; place < size; place++) {
        places[place][order[place]]++;
      }
    }
    double expected = (double) permutations / size;
    double fiveDeviations = 5 * Math.sqrt(expected * (1 - 1.0 / size));
    for (long[] place : places) {
      for (long count : place) {
        assertThat((double) count).isCloseTo(expected, within(fiveDeviations));
      }
    }
  }

  @Test
  void restartedItIsAFreshStream() {
    RandomStream used = RandomStream.of(1, Purpose.DROPOUT);
    // Leaves the second of a pair behind.
    used.nextGaussian();
    used.restart(RandomStream.key(7, Purpose.AUGMENTATION, 3));
    RandomStream fresh = RandomStream.of(7, Purpose.AUGMENTATION, 3);
    assertThat(used.nextGaussian()).isEqualTo(fresh.nextGaussian());
    assertThat(used.nextLong()).isEqualTo(fresh.nextLong());
  }
}
