package dev.tessera.preview;

import dev.tessera.network.Shape;

/**
 * Pictures of one shape at a size for people: small ones enlarged by a whole factor, so that every
 * pixel is a square, large ones shrunk to means of areas.
 */
final class Thumbnail {
  private static final int ENLARGED_SIDE = 128;
  private static final int SHRUNK_SIDE = 176;

  private final Shape.Image shape;
  private final int width;
  private final int height;

  Thumbnail(Shape.Image shape) {
    this.shape = shape;
    int side = Math.max(shape.height(), shape.width());
    if (side > SHRUNK_SIDE) {
      this.width = Math.max(1, shape.width() * SHRUNK_SIDE / side);
      this.height = Math.max(1, shape.height() * SHRUNK_SIDE / side);
    } else {
      int factor = Math.max(1, ENLARGED_SIDE / side);
      this.width = shape.width() * factor;
      this.height = shape.height() * factor;
    }
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Draws the picture whose bytes begin at {@code offset}. */
  void draw(byte[] pixels, int offset, Canvas canvas, int left, int top) {
    for (int y = 0; y < height; y++) {
      int firstRow = (int) ((long) y * shape.height() / height);
      int endRow = Math.max(firstRow + 1, (int) ((y + 1L) * shape.height() / height));
      for (int x = 0; x < width; x++) {
        int first = (int) ((long) x * shape.width() / width);
        int end = Math.max(first + 1, (int) ((x + 1L) * shape.width() / width));
        canvas.pixel(left + x, top + y, color(pixels, offset, firstRow, endRow, first, end));
      }
    }
  }

  private int color(byte[] pixels, int offset, int firstRow, int endRow, int first, int end) {
    int color = 0;
    for (int c = 0; c < 3; c++) {
      int channel = shape.channels() == 1 ? 0 : c;
      long sum = 0;
      for (int y = firstRow; y < endRow; y++) {
        for (int x = first; x < end; x++) {
          sum += pixels[offset + (y * shape.width() + x) * shape.channels() + channel] & 0xff;
        }
      }
      color = color << 8 | (int) (sum / ((long) (endRow - firstRow) * (end - first)));
    }
    return color;
  }
}
