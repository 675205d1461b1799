package dev.tessera.stats;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Mean and standard deviation of every channel of a set of pictures, in bytes (0 to 255).
 *
 * <p>Holds exact integer sums, so that the result does not depend on the order in which pictures
 * and parts are added. Not thread-safe. Good for 10^14 pixels.
 */
public final class ChannelMoments implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] sums;
  private final long[] squares;
  private long pixels;

  /** Moments of no pictures yet. {@code channels} is at least 1. */
  public ChannelMoments(int channels) {
    sums = new long[channels];
    squares = new long[channels];
  }

  /**
   * Adds pictures: unsigned bytes, channels innermost.
   *
   * @throws IllegalArgumentException if the number of bytes is no multiple of the channels
   */
  public void add(byte[] values) {
    int channels = sums.length;
    if (values.length % channels != 0) {
      throw new IllegalArgumentException(
          "Invalid picture of " + values.length + " bytes: not a multiple of " + channels);
    }
    for (int i = 0; i < values.length; i += channels) {
      for (int c = 0; c < channels; c++) {
        long value = values[i + c] & 0xff;
        sums[c] += value;
        squares[c] += value * value;
      }
    }
    pixels += values.length / channels;
  }

  /** Adds another part of the set. */
  public void add(ChannelMoments other) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] += other.sums[c];
      squares[c] += other.squares[c];
    }
    pixels += other.pixels;
  }

  /**
   * The exact sums, to be written down: the number of pixels, then for every channel the sum of its
   * values and the sum of their squares.
   */
  public long[] exactSums() {
    long[] exact = new long[1 + 2 * sums.length];
    exact[0] = pixels;
    for (int c = 0; c < sums.length; c++) {
      exact[1 + 2 * c] = sums[c];
      exact[2 + 2 * c] = squares[c];
    }
    return exact;
  }

  /** Moments of what {@link #exactSums} gave. */
  public static ChannelMoments ofExactSums(long[] exact) {
    ChannelMoments moments = new ChannelMoments(exact.length / 2);
    moments.pixels = exact[0];
    for (int c = 0; c < moments.sums.length; c++) {
      moments.sums[c] = exact[1 + 2 * c];
      moments.squares[c] = exact[2 + 2 * c];
    }
    return moments;
  }

  /** Number of pixels added, the same for every channel. */
  public long pixels() {
    return pixels;
  }

  /** One mean a channel, 0 to 255. @throws IllegalStateException without pictures */
  public List<Double> means() {
    return eachChannel(c -> (double) sums[c] / pixels);
  }

  /**
   * One standard deviation a channel (of the set itself, divided by the number of pixels).
   *
   * @throws IllegalStateException without pictures
   */
  public List<Double> deviations() {
    return eachChannel(c -> Math.sqrt(variance(c)));
  }

  /** Exact up to the last division: n * squares outgrows a long at some 10^7 pixels. */
  private double variance(int channel) {
    BigInteger count = BigInteger.valueOf(pixels);
    BigInteger sum = BigInteger.valueOf(sums[channel]);
    BigInteger spread =
        count.multiply(BigInteger.valueOf(squares[channel])).subtract(sum.multiply(sum));
    return spread.doubleValue() / count.multiply(count).doubleValue();
  }

  private List<Double> eachChannel(IntToDoubleFunction figure) {
    if (pixels == 0) {
      throw new IllegalStateException("Cannot take the moments of no pictures");
    }
    List<Double> figures = new ArrayList<>();
    for (int c = 0; c < sums.length; c++) {
      figures.add(figure.applyAsDouble(c));
    }
    return List.copyOf(figures);
  }
}
