package dev.tessera.stats;

import java.io.Serializable;

/**
 * Sums over (a part of) one parameter block from which its {@link ParameterStats} follow. Parts are
 * merged in the order of the flat vector, so that the figures do not depend on who summed what.
 *
 * <p>The variance is that of the distances from the first finite value, the pivot, so that it keeps
 * its digits however far the values lie from 0, and equal values have none. Merging moves the pivot
 * of the part.
 */
public final class BlockSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private long count;
  private long nonFinite;
  private long zeros;
  private double pivot;
  private double distances;
  private double squaredDistances;
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
      if (count - nonFinite == 1) {
        pivot = value;
      }
      double distance = value - pivot;
      distances += distance;
      squaredDistances += distance * distance;
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
    long finite = next.count - next.nonFinite;
    if (count == nonFinite) {
      pivot = next.pivot;
    }
    double shift = next.pivot - pivot;
    squaredDistances += next.squaredDistances + shift * (2 * next.distances + shift * finite);
    distances += next.distances + shift * finite;
    count += next.count;
    nonFinite += next.nonFinite;
    zeros += next.zeros;
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
    double distance = finite == 0 ? Double.NaN : distances / finite;
    double variance = Math.max(0, squaredDistances / finite - distance * distance);
    double norm = Math.sqrt(squares);
    double updateNorm = Math.sqrt(squaresOfUpdate);
    return new ParameterStats(
        layer,
        parameter,
        shape,
        pivot + distance,
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
