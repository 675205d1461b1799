package dev.tessera.stats;

import dev.tessera.network.Shape;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What a layer makes of one picture, as small grey pictures of some of its channels: black is the
 * least of all values that are shown, white the largest.
 *
 * <p>Of more than {@value #MOST_CHANNELS} channels as many are shown at equal distances, the first
 * among them. A channel larger than {@value #MOST_SIDE} pixels is shrunk to means of areas. A
 * vector's values are channels of one pixel each, and up to {@value #MOST_VALUES} of them are
 * shown.
 */
public final class ChannelMaps implements Serializable {
  private static final long serialVersionUID = 1L;
  static final int MOST_CHANNELS = 16;
  static final int MOST_VALUES = 128;
  static final int MOST_SIDE = 32;

  /** Shades of grey: as many as an eye tells apart, and no more to be stored. */
  static final int SHADES = 32;

  private final int shown;
  private final int height;
  private final int width;
  private final float least;
  private final float largest;
  private final byte[] pixels;

  private ChannelMaps(int shown, int height, int width, double[] means) {
    this.shown = shown;
    this.height = height;
    this.width = width;
    this.least = (float) finite(means).min().orElse(0);
    this.largest = (float) finite(means).max().orElse(0);
    this.pixels = new byte[means.length];
    for (int i = 0; i < means.length; i++) {
      pixels[i] = grey(means[i]);
    }
  }

  private static java.util.stream.DoubleStream finite(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite);
  }

  /** What is not finite is as black as the least, or as white as the largest if it is infinite. */
  private byte grey(double value) {
    double part = largest > least ? (value - least) / ((double) largest - least) : 0;
    double shade = Math.rint(Math.max(0, Math.min(1, part)) * (SHADES - 1));
    return (byte) Math.round(shade * 255 / (SHADES - 1));
  }

  /**
   * Of the values of one example, channel after channel, each row after row.
   *
   * @throws IllegalArgumentException if there are not as many as the shape says
   */
  public static ChannelMaps of(Shape shape, float[] values) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "Cannot make maps of " + shape + " from " + values.length + " values");
    }
    return shape instanceof Shape.Image image
        ? of(image, MOST_CHANNELS, values)
        : of(new Shape.Image(1, 1, shape.size()), MOST_VALUES, values);
  }

  private static ChannelMaps of(Shape.Image image, int most, float[] values) {
    int side = Math.max(MOST_SIDE, Math.max(image.height(), image.width()));
    int height = Math.max(1, image.height() * MOST_SIDE / side);
    int width = Math.max(1, image.width() * MOST_SIDE / side);
    int shown = Math.min(most, image.channels());
    double[] means = new double[shown * height * width];
    for (int i = 0; i < means.length; i++) {
      int channel = (int) ((long) (i / (height * width)) * image.channels() / shown);
      int row = i / width % height;
      means[i] =
          mean(
              image,
              values,
              channel,
              span(row, height, image.height()),
              span(i % width, width, image.width()));
    }
    return new ChannelMaps(shown, height, width, means);
  }

  /** From the first row or column of an area to before {@code end}. */
  private record Span(int first, int end) {}

  private static Span span(int place, int places, int side) {
    int first = place * side / places;
    return new Span(first, Math.max(first + 1, (place + 1) * side / places));
  }

  private static double mean(
      Shape.Image image, float[] values, int channel, Span rows, Span columns) {
    double sum = 0;
    for (int y = rows.first(); y < rows.end(); y++) {
      for (int x = columns.first(); x < columns.end(); x++) {
        sum += values[(channel * image.height() + y) * image.width() + x];
      }
    }
    return sum / ((rows.end() - rows.first()) * (columns.end() - columns.first()));
  }

  /** How many channels are shown. */
  public int shown() {
    return shown;
  }

  /** Of one channel's map, in pixels. */
  public int height() {
    return height;
  }

  /** Of one channel's map, in pixels. */
  public int width() {
    return width;
  }

  /** What black stands for; 0 if no value is finite. */
  public float least() {
    return least;
  }

  /** What white stands for; 0 if no value is finite. */
  public float largest() {
    return largest;
  }

  /**
   * Unsigned grey, map after map, each row after row. The bytes themselves: nobody changes them.
   */
  public byte[] pixels() {
    return pixels;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelMaps maps
        && shown == maps.shown
        && height == maps.height
        && width == maps.width
        && Float.compare(least, maps.least) == 0
        && Float.compare(largest, maps.largest) == 0
        && Arrays.equals(pixels, maps.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(pixels) + Float.hashCode(largest);
  }
}
