package dev.tessera.image.augment;

import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;

/** Takes the colours away; the picture keeps three channels. */
final class GrayscaleStep implements ImageStep {
  private final double probability;
  private final int size;

  GrayscaleStep(double probability, Shape.Image shape) {
    this.probability = probability;
    this.size = shape.size();
  }

  @Override
  public void apply(byte[] pixels, int offset, RandomStream random) {
    if (random.nextDouble() >= probability) {
      return;
    }
    for (int i = offset; i < offset + size; i += Colors.CHANNELS) {
      byte gray = (byte) Colors.gray(pixels, i);
      pixels[i] = gray;
      pixels[i + 1] = gray;
      pixels[i + 2] = gray;
    }
  }
}
