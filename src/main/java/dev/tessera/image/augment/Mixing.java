package dev.tessera.image.augment;

import dev.tessera.image.Minibatch;
import dev.tessera.image.augment.Augmentation.Mix;
import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;
import org.jspecify.annotations.Nullable;

/**
 * Mixup (Zhang et al. 2018) and cutmix (Yun et al. 2019): every example with the one before it, the
 * first with the last. One share a minibatch.
 */
final class Mixing {
  /** Shares of mixup are counted in 65,536ths. */
  private static final int ONE_BITS = 16;

  private final @Nullable Mix mixup;
  private final @Nullable Mix cutmix;
  private final int height;
  private final int width;
  private final int channels;
  private final int size;
  private final byte[] last;

  Mixing(Augmentation settings, Shape.Image shape) {
    this.mixup = settings.mixup();
    this.cutmix = settings.cutmix();
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.size = shape.size();
    this.last = new byte[settings.mixes() ? size : 0];
  }

  void apply(Minibatch minibatch, RandomStream random) {
    // A minibatch of one has nothing to mix with.
    if ((mixup == null && cutmix == null) || minibatch.size() < 2) {
      return;
    }
    boolean first = random.nextDouble() < 0.5;
    if (mixup != null && (cutmix == null || first)) {
      mixup(minibatch, 1 - Beta.draw(mixup.alpha(), random));
    } else if (cutmix != null) {
      cutmix(minibatch, Beta.draw(cutmix.alpha(), random), random);
    }
  }

  /** Blends whole pictures. */
  void mixup(Minibatch minibatch, double otherShare) {
    int one = 1 << ONE_BITS;
    int other = (int) Math.rint(otherShare * one);
    byte[] pixels = minibatch.pixels();
    keepLast(minibatch);
    // From the end, so that the one before is still as it was.
    for (int example = minibatch.size() - 1; example >= 0; example--) {
      byte[] from = example == 0 ? last : pixels;
      int at = example == 0 ? 0 : (example - 1) * size;
      int to = example * size;
      for (int i = 0; i < size; i++) {
        int sum = (pixels[to + i] & 0xff) * (one - other) + (from[at + i] & 0xff) * other;
        pixels[to + i] = (byte) ((sum + one / 2) >> ONE_BITS);
      }
    }
    label(minibatch, otherShare);
  }

  private void cutmix(Minibatch minibatch, double ownShare, RandomStream random) {
    int middleX = random.nextInt(width);
    int middleY = random.nextInt(height);
    double half = 0.5 * Math.sqrt(1 - ownShare);
    int halfWidth = (int) (half * width);
    int halfHeight = (int) (half * height);
    cutmix(
        minibatch,
        Math.max(0, middleY - halfHeight),
        Math.max(0, middleX - halfWidth),
        Math.min(height, middleY + halfHeight),
        Math.min(width, middleX + halfWidth));
  }

  /** Takes a rectangle from the one before; its part of the area is the other label's share. */
  void cutmix(Minibatch minibatch, int top, int left, int bottom, int right) {
    byte[] pixels = minibatch.pixels();
    keepLast(minibatch);
    int length = (right - left) * channels;
    for (int example = minibatch.size() - 1; example >= 0; example--) {
      byte[] from = example == 0 ? last : pixels;
      int at = example == 0 ? 0 : (example - 1) * size;
      for (int y = top; y < bottom; y++) {
        int place = (y * width + left) * channels;
        System.arraycopy(from, at + place, pixels, example * size + place, length);
      }
    }
    label(minibatch, (double) (right - left) * (bottom - top) / ((double) width * height));
  }

  private void keepLast(Minibatch minibatch) {
    System.arraycopy(minibatch.pixels(), (minibatch.size() - 1) * size, last, 0, size);
  }

  private static void label(Minibatch minibatch, double otherShare) {
    int[] labels = minibatch.labels();
    for (int example = 0; example < minibatch.size(); example++) {
      int before = example == 0 ? minibatch.size() - 1 : example - 1;
      minibatch.mix(example, labels[before], otherShare);
    }
  }
}
