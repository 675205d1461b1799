package dev.tessera.job;

import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.ColorJitter;
import dev.tessera.image.augment.Augmentation.Erasing;
import dev.tessera.image.augment.Augmentation.Interpolation;
import dev.tessera.image.augment.Augmentation.Mix;
import dev.tessera.image.augment.Augmentation.PaddingMode;
import dev.tessera.image.augment.Augmentation.RandomCrop;
import dev.tessera.image.augment.Augmentation.RandomResizedCrop;
import dev.tessera.image.augment.Range;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Augmentations with any allowed value under every key, for pictures from 40 x 40. */
final class RandomAugmentations {
  private RandomAugmentations() {}

  static Augmentation next(Random random) {
    if (random.nextInt(4) == 0) {
      return Augmentation.NONE;
    }
    return new Augmentation(
        maybe(random, () -> new RandomResizedCrop(within(random, 0, 1), within(random, 0.01, 100))),
        maybe(
            random,
            () ->
                new RandomCrop(
                    random.nextInt(39),
                    random.nextInt(256),
                    RandomJobs.any(random, PaddingMode.values()))),
        random.nextDouble(),
        random.nextBoolean() ? 0 : random.nextDouble(),
        maybe(random, () -> affine(random)),
        maybe(
            random,
            () ->
                new ColorJitter(
                    about(random, 1, 0, 100),
                    about(random, 1, 0, 100),
                    about(random, 1, 0, 100),
                    about(random, 0, -0.5, 0.5))),
        random.nextBoolean() ? 0 : 1,
        maybe(
            random,
            () ->
                new Erasing(
                    random.nextDouble(),
                    within(random, 0, 1),
                    within(random, 0.01, 100),
                    random.nextInt(256))),
        maybe(random, () -> new Mix(1e-3 + random.nextDouble())),
        maybe(random, () -> new Mix(1 + 10 * random.nextDouble())));
  }

  private static Affine affine(Random random) {
    double along = random.nextDouble();
    return new Affine(
        about(random, 0, -180, 180),
        along,
        random.nextBoolean() ? along : random.nextDouble(),
        within(random, 0.01, 100),
        RandomJobs.any(random, Interpolation.values()),
        random.nextInt(256));
  }

  private static <T> @Nullable T maybe(Random random, Supplier<T> made) {
    return random.nextBoolean() ? made.get() : null;
  }

  private static Range within(Random random, double least, double most) {
    double one = least + (most - least) * random.nextDouble();
    double other = least + (most - least) * random.nextDouble();
    return new Range(Math.min(one, other), Math.max(one, other));
  }

  /** As one number writes it, or any. */
  private static Range about(Random random, double middle, double least, double most) {
    double distance = (most - middle) * random.nextDouble();
    return random.nextBoolean()
        ? new Range(Math.max(least, middle - distance), middle + distance)
        : within(random, least, most);
  }
}
