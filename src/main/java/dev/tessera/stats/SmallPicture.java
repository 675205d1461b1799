package dev.tessera.stats;

import dev.tessera.network.Shape;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A picture small enough that some may travel to the driver: unsigned bytes, channels innermost.
 */
public final class SmallPicture implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Pixels; larger pictures are shrunk to means of areas. */
  static final int MOST_SIDE = 64;

  private final Shape.Image shape;
  private final byte[] pixels;

  private SmallPicture(Shape.Image shape, byte[] pixels) {
    this.shape = shape;
    this.pixels = pixels;
  }

  /** Copies, and where need be shrinks, the picture whose bytes begin at {@code offset}. */
  public static SmallPicture of(Shape.Image shape, byte[] pixels, int offset) {
    int side = Math.max(MOST_SIDE, Math.max(shape.height(), shape.width()));
    int height = Math.max(1, shape.height() * MOST_SIDE / side);
    int width = Math.max(1, shape.width() * MOST_SIDE / side);
    if (side == MOST_SIDE) {
      return new SmallPicture(shape, Arrays.copyOfRange(pixels, offset, offset + shape.size()));
    }
    Shape.Image small = new Shape.Image(height, width, shape.channels());
    byte[] means = new byte[small.size()];
    for (int i = 0; i < means.length; i++) {
      int column = i / small.channels() % width;
      int row = i / small.channels() / width;
      means[i] = mean(shape, pixels, offset + i % small.channels(), small, row, column);
    }
    return new SmallPicture(small, means);
  }

  private static byte mean(
      Shape.Image shape, byte[] pixels, int offset, Shape.Image small, int row, int column) {
    int top = row * shape.height() / small.height();
    int bottom = Math.max(top + 1, (row + 1) * shape.height() / small.height());
    int left = column * shape.width() / small.width();
    int right = Math.max(left + 1, (column + 1) * shape.width() / small.width());
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += pixels[offset + (y * shape.width() + x) * shape.channels()] & 0xff;
      }
    }
    return (byte) (sum / ((long) (bottom - top) * (right - left)));
  }

  public Shape.Image shape() {
    return shape;
  }

  /** The bytes themselves: nobody changes them. */
  public byte[] pixels() {
    return pixels;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SmallPicture picture
        && shape.equals(picture.shape)
        && Arrays.equals(pixels, picture.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(pixels);
  }
}
