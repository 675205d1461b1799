package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static long sum(Histogram histogram) {
    return histogram.counts().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void countsEveryFiniteValueOnceBetweenTheLeastAndTheLargest() {
    float[] values = {9, -1, 0, 1, Float.NaN, Float.POSITIVE_INFINITY, 1, 9};
    Histogram histogram = Histogram.of(values, 1, 7);
    assertThat(histogram.min()).isEqualTo(-1);
    assertThat(histogram.max()).isEqualTo(1);
    assertThat(sum(histogram)).isEqualTo(4);
    assertThat(histogram.counts()).hasSize(Histogram.BINS);
    assertThat(histogram.counts().get(0)).isEqualTo(1);
    assertThat(histogram.counts().get(Histogram.BINS / 2)).isEqualTo(1);
    assertThat(histogram.counts().get(Histogram.BINS - 1)).isEqualTo(2);
  }

  @Test
  void valuesAreInTheBinWhoseEdgesTheyLieBetween() {
    float[] values = new float[3200];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 769) % 3200;
    }
    // 0 to 3199: the bins' edges are a hair below the hundreds, so the first value of each is in
    // the next.
    assertThat(Histogram.of(values, 0, values.length).counts())
        .allSatisfy(count -> assertThat(count).isBetween(99L, 101L));
  }

  @Test
  void equalValuesAreInTheFirstBinAndNoneInNone() {
    Histogram equal = Histogram.of(new float[] {2, 2, 2}, 0, 3);
    assertThat(equal.min()).isEqualTo(equal.max()).isEqualTo(2);
    assertThat(equal.counts().get(0)).isEqualTo(3);
    List<Long> none = Collections.nCopies(Histogram.BINS, 0L);
    assertThat(Histogram.of(new float[] {Float.NaN}, 0, 1)).isEqualTo(new Histogram(0, 0, none));
    assertThat(Histogram.of(new float[0], 0, 0)).isEqualTo(new Histogram(0, 0, none));
  }

  @Test
  void theSpanOfTheLargestFloatsDoesNotOverflow() {
    float most = Float.MAX_VALUE;
    Histogram histogram = Histogram.of(new float[] {-most, 0, most}, 0, 3);
    assertThat(histogram.counts().get(0)).isEqualTo(1);
    assertThat(histogram.counts().get(Histogram.BINS / 2)).isEqualTo(1);
    assertThat(histogram.counts().get(Histogram.BINS - 1)).isEqualTo(1);
  }
}
