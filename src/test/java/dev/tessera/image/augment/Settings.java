package dev.tessera.image.augment;

import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.ColorJitter;
import dev.tessera.image.augment.Augmentation.Erasing;
import dev.tessera.image.augment.Augmentation.Interpolation;
import dev.tessera.image.augment.Augmentation.Mix;
import dev.tessera.image.augment.Augmentation.PaddingMode;
import dev.tessera.image.augment.Augmentation.RandomCrop;
import dev.tessera.image.augment.Augmentation.RandomResizedCrop;
import org.jspecify.annotations.Nullable;

/** Augmentations of one kind each, and of all. */
public final class Settings {
  static final Range ONE = new Range(1, 1);
  static final Range ZERO = new Range(0, 0);

  private Settings() {}

  static Augmentation flips(double horizontal, double vertical) {
    return new Augmentation(null, null, horizontal, vertical, null, null, 0, null, null, null);
  }

  static Augmentation crop(RandomCrop crop) {
    return new Augmentation(null, crop, 0, 0, null, null, 0, null, null, null);
  }

  static Augmentation resizedCrop(RandomResizedCrop crop) {
    return new Augmentation(crop, null, 0, 0, null, null, 0, null, null, null);
  }

  static Augmentation affine(Affine affine) {
    return new Augmentation(null, null, 0, 0, affine, null, 0, null, null, null);
  }

  static Augmentation colors(@Nullable ColorJitter jitter, double grayscale) {
    return new Augmentation(null, null, 0, 0, null, jitter, grayscale, null, null, null);
  }

  static Augmentation erasing(Erasing erasing) {
    return new Augmentation(null, null, 0, 0, null, null, 0, erasing, null, null);
  }

  static Augmentation mixing(double mixup, double cutmix) {
    return new Augmentation(
        null,
        null,
        0,
        0,
        null,
        null,
        0,
        null,
        mixup > 0 ? new Mix(mixup) : null,
        cutmix > 0 ? new Mix(cutmix) : null);
  }

  /** All kinds at once. */
  public static Augmentation everything() {
    return new Augmentation(
        new RandomResizedCrop(new Range(0.3, 1), new Range(0.5, 2)),
        new RandomCrop(2, 7, PaddingMode.CONSTANT),
        0.5,
        0.5,
        new Affine(new Range(-20, 20), 0.1, 0.2, new Range(0.9, 1.1), Interpolation.BILINEAR, 3),
        new ColorJitter(
            new Range(0.6, 1.4), new Range(0.6, 1.4), new Range(0.6, 1.4), new Range(-0.1, 0.1)),
        0.1,
        new Erasing(0.5, new Range(0.02, 0.33), new Range(0.3, 3.3), 99),
        new Mix(0.4),
        new Mix(1));
  }
}
