package dev.tessera.image.augment;

import dev.tessera.image.augment.Augmentation.Erasing;
import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;
import java.util.Arrays;

/** Paints a rectangle over, smaller than the picture in both directions. */
final class ErasingStep implements ImageStep {
  private static final int TRIES = 10;

  private final Erasing settings;
  private final int height;
  private final int width;
  private final int channels;

  ErasingStep(Erasing settings, Shape.Image shape) {
    this.settings = settings;
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
  }

  @Override
  public void apply(byte[] pixels, int offset, RandomStream random) {
    if (random.nextDouble() >= settings.p()) {
      return;
    }
    double area = (double) height * width;
    for (int i = 0; i < TRIES; i++) {
      double wanted = area * settings.scale().draw(random);
      double ratio = settings.ratio().drawByLogarithm(random);
      int rows = (int) Math.rint(Math.sqrt(wanted * ratio));
      int cells = (int) Math.rint(Math.sqrt(wanted / ratio));
      if (rows < height && cells < width) {
        int top = random.nextInt(height - rows + 1);
        int left = random.nextInt(width - cells + 1);
        erase(pixels, offset, top, left, rows, cells);
        return;
      }
    }
  }

  private void erase(byte[] pixels, int offset, int top, int left, int rows, int cells) {
    for (int y = top; y < top + rows; y++) {
      int from = offset + (y * width + left) * channels;
      Arrays.fill(pixels, from, from + cells * channels, (byte) settings.value());
    }
  }
}
