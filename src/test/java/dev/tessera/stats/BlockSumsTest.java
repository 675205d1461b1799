package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockSumsTest {
  /** Sums of a thousand values in double, in another order than the oracle's. */
  private static final double TOLERANCE = 1e-12;

  private static ParameterStats stats(BlockSums sums, int workers) {
    return sums.stats("conv1", "weights", List.of(2, 3), workers);
  }

  private static BlockSums sums(float[] values, float[] before) {
    BlockSums sums = new BlockSums();
    for (int i = 0; i < values.length; i++) {
      sums.add(values[i], before[i]);
    }
    return sums;
  }

  private static float[] draw(long seed, int count) {
    RandomStream random = RandomStream.of(seed, Purpose.AUGMENTATION);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(8) == 0 ? 0f : (float) (3 * random.nextGaussian() + 1);
    }
    return values;
  }

  @Test
  void figuresAreThoseOfAnObviousComputation() {
    float[] values = draw(1, 1000);
    float[] before = draw(2, 1000);
    double sum = 0;
    double min = values[0];
    double max = values[0];
    double norm = 0;
    double zeros = 0;
    double update = 0;
    double normBefore = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i];
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
      norm = Math.hypot(norm, values[i]);
      zeros += values[i] == 0 ? 1 : 0;
      update = Math.hypot(update, (double) values[i] - before[i]);
      normBefore = Math.hypot(normBefore, before[i]);
    }
    double mean = sum / values.length;
    double variance = 0;
    for (float value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }

    ParameterStats stats = stats(sums(values, before), 1);

    assertThat(stats.layer()).isEqualTo("conv1");
    assertThat(stats.parameter()).isEqualTo("weights");
    assertThat(stats.shape()).containsExactly(2, 3);
    assertThat(stats.mean()).isCloseTo(mean, within(TOLERANCE));
    assertThat(stats.standardDeviation()).isCloseTo(Math.sqrt(variance), within(TOLERANCE));
    assertThat(stats.min()).isEqualTo(min);
    assertThat(stats.max()).isEqualTo(max);
    assertThat(stats.norm()).isCloseTo(norm, within(norm * TOLERANCE));
    assertThat(stats.zeroFraction()).isEqualTo(zeros / 1000);
    assertThat(stats.nonFiniteFraction()).isZero();
    assertThat(stats.updateNorm()).isCloseTo(update, within(update * TOLERANCE));
    assertThat(stats.updateRatio()).isCloseTo(update / normBefore, within(TOLERANCE));
    assertThat(stats.divergence()).isZero();
  }

  @Test
  void divergenceIsTheRootMeanSquareDistanceOverTheNorm() {
    BlockSums sums = sums(new float[] {3, 4}, new float[] {3, 4});
    sums.addDistance(9); // worker 0 is 3 away
    sums.addDistance(16); // worker 1 is 4 away
    assertThat(stats(sums, 2).divergence())
        .isCloseTo(Math.sqrt((9 + 16) / 2.0) / 5, within(TOLERANCE));
  }

  @Test
  void partsMergeToTheWhole() {
    float[] values = draw(3, 100);
    float[] before = draw(4, 100);
    BlockSums whole = sums(values, before);
    whole.addDistance(1.5);
    BlockSums merged = new BlockSums();
    int[] cuts = {0, 1, 37, 37, 99, 100};
    for (int c = 1; c < cuts.length; c++) {
      BlockSums part = new BlockSums();
      for (int i = cuts[c - 1]; i < cuts[c]; i++) {
        part.add(values[i], before[i]);
      }
      part.addDistance(c == 2 ? 1.5 : 0);
      merged.merge(part);
    }
    ParameterStats a = stats(whole, 3);
    ParameterStats b = stats(merged, 3);
    assertThat(b.mean()).isCloseTo(a.mean(), within(TOLERANCE));
    assertThat(b.standardDeviation()).isCloseTo(a.standardDeviation(), within(TOLERANCE));
    assertThat(b.min()).isEqualTo(a.min());
    assertThat(b.max()).isEqualTo(a.max());
    assertThat(b.norm()).isCloseTo(a.norm(), within(a.norm() * TOLERANCE));
    assertThat(b.zeroFraction()).isEqualTo(a.zeroFraction());
    assertThat(b.updateNorm()).isCloseTo(a.updateNorm(), within(a.updateNorm() * TOLERANCE));
    assertThat(b.updateRatio()).isCloseTo(a.updateRatio(), within(TOLERANCE));
    assertThat(b.divergence()).isCloseTo(a.divergence(), within(TOLERANCE));
  }

  @Test
  void nonFiniteValuesAreCountedAndLeftOut() {
    float[] values = {1, Float.NaN, 3, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    ParameterStats stats = stats(sums(values, new float[] {0, 9, 0, 9, 9}), 1);
    assertThat(stats.nonFiniteFraction()).isEqualTo(0.6);
    assertThat(stats.mean()).isEqualTo(2);
    assertThat(stats.standardDeviation()).isEqualTo(1);
    assertThat(stats.min()).isEqualTo(1);
    assertThat(stats.max()).isEqualTo(3);
    assertThat(stats.norm()).isEqualTo(Math.sqrt(10));
    assertThat(stats.updateNorm()).isEqualTo(Math.sqrt(10));
  }

  @Test
  void allNonFiniteHaveNoMean() {
    ParameterStats stats = stats(sums(new float[] {Float.NaN}, new float[] {1}), 1);
    assertThat(stats.mean()).isNaN();
    assertThat(stats.standardDeviation()).isNaN();
    assertThat(stats.min()).isNaN();
    assertThat(stats.max()).isNaN();
    assertThat(stats.norm()).isZero();
    assertThat(stats.nonFiniteFraction()).isEqualTo(1);
  }

  @Test
  void zerosOfBothSignsCountAsZero() {
    ParameterStats stats = stats(sums(new float[] {0f, -0f, 1f, 2f}, new float[4]), 1);
    assertThat(stats.zeroFraction()).isEqualTo(0.5);
  }

  @Test
  void updateOfParametersThatWereZeroIsInfinitelyLarge() {
    assertThat(stats(sums(new float[] {1}, new float[] {0}), 1).updateRatio())
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(stats(sums(new float[] {0}, new float[] {0}), 1).updateRatio()).isZero();
  }

  @Test
  void equalValuesHaveNoDeviation() {
    float[] values = new float[100_000];
    java.util.Arrays.fill(values, 0.1f);
    ParameterStats stats = stats(sums(values, values), 1);
    assertThat(stats.standardDeviation()).isZero();
    assertThat(stats.mean()).isEqualTo(0.1f);
  }

  /** Squares of these need more digits than a double has. */
  @Test
  void deviationKeepsItsDigitsFarFromZero() {
    BlockSums sums = new BlockSums();
    for (int part = 0; part < 100; part++) {
      BlockSums next = new BlockSums();
      for (int i = 0; i < 1000; i++) {
        next.add((1 << 23) + i % 2, 0);
      }
      sums.merge(next);
    }
    assertThat(stats(sums, 1).mean()).isEqualTo((1 << 23) + 0.5);
    assertThat(stats(sums, 1).standardDeviation()).isEqualTo(0.5);
  }

  @Test
  void nothingAddedIsNoDivisionByZero() {
    ParameterStats stats = stats(new BlockSums(), 1);
    assertThat(stats.zeroFraction()).isZero();
    assertThat(stats.nonFiniteFraction()).isZero();
    assertThat(stats.updateRatio()).isZero();
    assertThat(stats.mean()).isNaN();
  }
}
