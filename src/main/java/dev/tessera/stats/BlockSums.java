package dev.tessera.stats;

import java.io.Serializable;

/**
 * Sums over (a part of) one parameter block from which its {@link ParameterStats} follow. Parts are
 * merged in the order of the flat vector, so that the figures do not depend on who summed what.
 *
 * <p>Sums of squares are kept in double over float values: the deviation loses digits only where it
 * is below 1e-7 of the mean, which a float can't show either.
 */
public final class BlockSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private long count;
  private long nonFinite;
  private long zeros;
  private double sum;
  private double squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double squaresBefore;
  private double squaresOfUpdate;
  private double squaresOfDistance;

  /** Takes one value after the average and the same one before the round. */
  public void add(float value, float before) {
    count++;
    if (Float.isFinite(value)) {
      sum += value;
      squares += (double) value * value;
      min = Math.min(min, value);
      max = Math.max(max, value);
      double update = (double) value - before;
      squaresOfUpdate += update * update;
    } else {
      nonFinite++;
    }
    if (value == 0) {
      zeros++;
    }
    squaresBefore += (double) before * before;
  }

  /** Takes the squared distance of one worker's value from the mean. */
  public void addDistance(double squared) {
    squaresOfDistance += squared;
  }

  /** Adds the sums of the part that follows this one. */
  public void merge(BlockSums next) {
    count += next.count;
    nonFinite += next.nonFinite;
    zeros += next.zeros;
    sum += next.sum;
    squares += next.squares;
    min = Math.min(min, next.min);
    max = Math.max(max, next.max);
    squaresBefore += next.squaresBefore;
    squaresOfUpdate += next.squaresOfUpdate;
    squaresOfDistance += next.squaresOfDistance;
  }

  /**
   * The figures.
   *
   * @param workers how many replicas were averaged, at least 1
   */
  public ParameterStats stats(
      String layer, String parameter, java.util.List<Integer> shape, int workers) {
    long finite = count - nonFinite;
    double mean = finite == 0 ? Double.NaN : sum / finite;
    double variance = finite == 0 ? Double.NaN : Math.max(0, squares / finite - mean * mean);
    double norm = Math.sqrt(squares);
    double updateNorm = Math.sqrt(squaresOfUpdate);
    return new ParameterStats(
        layer,
        parameter,
        shape,
        mean,
        Math.sqrt(variance),
        finite == 0 ? Double.NaN : min,
        finite == 0 ? Double.NaN : max,
        norm,
        share(zeros),
        share(nonFinite),
        updateNorm,
        ratio(updateNorm, Math.sqrt(squaresBefore)),
        ratio(Math.sqrt(squaresOfDistance / workers), norm));
  }

  private double share(long part) {
    return count == 0 ? 0 : (double) part / count;
  }

  private static double ratio(double part, double whole) {
    return part == 0 ? 0 : part / whole;
  }
}
