package dev.tessera.image.augment;

import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;

/** Mirrors left and right, top and bottom, each by its own draw. */
final class FlipStep implements ImageStep {
  private final double horizontal;
  private final double vertical;
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] row;

  FlipStep(double horizontal, double vertical, Shape.Image shape, byte[] buffer) {
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.row = buffer;
  }

  @Override
  public void apply(byte[] pixels, int offset, RandomStream random) {
    boolean mirror = random.nextDouble() < horizontal;
    boolean turn = random.nextDouble() < vertical;
    if (mirror) {
      horizontally(pixels, offset);
    }
    if (turn) {
      vertically(pixels, offset);
    }
  }

  private void horizontally(byte[] pixels, int offset) {
    int stride = width * channels;
    for (int y = 0; y < height; y++) {
      int left = offset + y * stride;
      int right = left + stride - channels;
      for (; left < right; left += channels, right -= channels) {
        for (int c = 0; c < channels; c++) {
          byte kept = pixels[left + c];
          pixels[left + c] = pixels[right + c];
          pixels[right + c] = kept;
        }
      }
    }
  }

  private void vertically(byte[] pixels, int offset) {
    int stride = width * channels;
    int top = offset;
    int bottom = offset + (height - 1) * stride;
    for (; top < bottom; top += stride, bottom -= stride) {
      System.arraycopy(pixels, top, row, 0, stride);
      System.arraycopy(pixels, bottom, pixels, top, stride);
      System.arraycopy(row, 0, pixels, bottom, stride);
    }
  }
}
