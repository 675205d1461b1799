package dev.tessera.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * How often the values of one parameter block lie where: bins of equal width from the smallest
 * finite value to the largest.
 *
 * @param min lower edge of the first bin; 0 if no value is finite
 * @param max upper edge of the last bin, which counts it too; equal to {@code min} where all values
 *     are equal, and then the first bin has them all
 * @param counts one number a bin; values that are not finite are in none
 */
public record Histogram(double min, double max, List<Long> counts) {
  public static final int BINS = 32;

  public Histogram {
    counts = List.copyOf(counts);
  }

  /** Counts {@code values[from]} to {@code values[to - 1]}. */
  public static Histogram of(float[] values, int from, int to) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      if (Float.isFinite(values[i])) {
        min = Math.min(min, values[i]);
        max = Math.max(max, values[i]);
      }
    }
    long[] counts = new long[BINS];
    if (min > max) {
      return new Histogram(0, 0, list(counts));
    }
    // In double, where the span of two floats never overflows.
    double width = ((double) max - min) / BINS;
    for (int i = from; i < to; i++) {
      if (Float.isFinite(values[i])) {
        int bin = width == 0 ? 0 : (int) (((double) values[i] - min) / width);
        counts[Math.min(BINS - 1, bin)]++;
      }
    }
    return new Histogram(min, max, list(counts));
  }

  private static List<Long> list(long[] counts) {
    List<Long> list = new ArrayList<>();
    for (long count : counts) {
      list.add(count);
    }
    return list;
  }
}
