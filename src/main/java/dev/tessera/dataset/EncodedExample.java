package dev.tessera.dataset;

import dev.tessera.network.Shape;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * An example as its source has it: a picture file, or pixels. (A class and not a record, like
 * everything that Spark moves: Kryo can't make records.)
 */
public final class EncodedExample implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String origin;
  private final byte[] bytes;
  private final int height;
  private final int width;
  private final int channels;
  private final @Nullable BadImage bad;

  private EncodedExample(String origin, byte[] bytes, int height, int width, int channels) {
    this(origin, bytes, height, width, channels, null);
  }

  private EncodedExample(
      String origin, byte[] bytes, int height, int width, int channels, @Nullable BadImage bad) {
    this.bad = bad;
    this.origin = origin;
    this.bytes = bytes;
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  /** A picture file. */
  static EncodedExample file(String origin, byte[] bytes) {
    return new EncodedExample(origin, bytes, 0, 0, 0);
  }

  /** An image that was found to be bad before, and is without its bytes. */
  static EncodedExample bad(BadImage bad) {
    return new EncodedExample(bad.origin(), new byte[0], 0, 0, 0, bad);
  }

  /**
   * Pixels, channels innermost: grey, or red, green and blue.
   *
   * @throws IllegalArgumentException if they are not of that shape
   */
  static EncodedExample pixels(String origin, byte[] bytes, Shape.Image shape) {
    if (bytes.length != shape.size()) {
      throw new IllegalArgumentException(
          "Invalid example " + origin + ": " + bytes.length + " bytes are no pixels of " + shape);
    }
    return new EncodedExample(origin, bytes, shape.height(), shape.width(), shape.channels());
  }

  public String origin() {
    return origin;
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Null but for {@link #bad(BadImage)}. */
  @Nullable BadImage bad() {
    return bad;
  }

  /** Shape of the pixels, null of a picture file. */
  public Shape.@Nullable Image raw() {
    return channels == 0 ? null : new Shape.Image(height, width, channels);
  }
}
