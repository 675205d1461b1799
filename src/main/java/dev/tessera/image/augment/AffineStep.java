package dev.tessera.image.augment;

import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.Interpolation;
import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;
import java.util.Arrays;

/** Turns, moves and zooms about the middle: every pixel looks where it comes from. */
final class AffineStep implements ImageStep {
  private final Affine settings;
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] source;

  AffineStep(Affine settings, Shape.Image shape, byte[] buffer) {
    this.settings = settings;
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.source = buffer;
  }

  @Override
  public void apply(byte[] pixels, int offset, RandomStream random) {
    double angle = settings.degrees().draw(random);
    double right = move(settings.translateX() * width, random);
    double down = move(settings.translateY() * height, random);
    warp(pixels, offset, angle, right, down, settings.scale().draw(random));
  }

  private static double move(double most, RandomStream random) {
    return Math.rint(most * (2 * random.nextDouble() - 1));
  }

  /**
   * By these numbers.
   *
   * @param angle degrees, clockwise
   * @param right whole pixels, as {@code down}
   */
  void warp(byte[] pixels, int offset, double angle, double right, double down, double scale) {
    System.arraycopy(pixels, offset, source, 0, height * width * channels);
    double radians = angle * (StrictMath.PI / 180);
    double cosine = StrictMath.cos(radians) / scale;
    double sine = StrictMath.sin(radians) / scale;
    double middleX = 0.5 * (width - 1);
    double middleY = 0.5 * (height - 1);
    int to = offset;
    for (int y = 0; y < height; y++) {
      double dy = y - middleY - down;
      for (int x = 0; x < width; x++, to += channels) {
        double dx = x - middleX - right;
        double fromX = cosine * dx + sine * dy + middleX;
        double fromY = cosine * dy - sine * dx + middleY;
        if (settings.interpolation() == Interpolation.NEAREST) {
          nearest(pixels, to, fromX, fromY);
        } else {
          bilinear(pixels, to, fromX, fromY);
        }
      }
    }
  }

  private void nearest(byte[] pixels, int to, double fromX, double fromY) {
    int x = (int) Math.rint(fromX);
    int y = (int) Math.rint(fromY);
    if (x < 0 || x >= width || y < 0 || y >= height) {
      Arrays.fill(pixels, to, to + channels, (byte) settings.fill());
      return;
    }
    int from = (y * width + x) * channels;
    for (int c = 0; c < channels; c++) {
      pixels[to + c] = source[from + c];
    }
  }

  private void bilinear(byte[] pixels, int to, double fromX, double fromY) {
    int x = (int) Math.floor(fromX);
    int y = (int) Math.floor(fromY);
    double wx = fromX - x;
    double wy = fromY - y;
    for (int c = 0; c < channels; c++) {
      double above = (1 - wx) * at(x, y, c) + wx * at(x + 1, y, c);
      double below = (1 - wx) * at(x, y + 1, c) + wx * at(x + 1, y + 1, c);
      pixels[to + c] = (byte) (int) Math.rint((1 - wy) * above + wy * below);
    }
  }

  /** Beside the picture all is {@code fill}, so that its edges fade into it. */
  private int at(int x, int y, int channel) {
    return x < 0 || x >= width || y < 0 || y >= height
        ? settings.fill()
        : source[(y * width + x) * channels + channel] & 0xff;
  }
}
