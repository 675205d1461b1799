package dev.tessera.job;

import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.ColorJitter;
import dev.tessera.image.augment.Augmentation.Erasing;
import dev.tessera.image.augment.Augmentation.Mix;
import dev.tessera.image.augment.Augmentation.RandomCrop;
import dev.tessera.image.augment.Augmentation.RandomResizedCrop;
import dev.tessera.image.augment.Augmenter;
import dev.tessera.network.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code image.augment}: how training examples are changed, every time they are seen. */
final class AugmentationParser {
  private AugmentationParser() {}

  /**
   * Reads {@code augment} of the section {@code image}.
   *
   * @param shape of the pictures, which a mirrored border has to fit
   */
  static Augmentation read(Section image, Shape.Image shape) {
    Section augment = image.section(AugmentationKeys.AUGMENT, AugmentationKeys.KEYS);
    return new Augmentation(
        resizedCrop(augment),
        crop(augment, shape),
        augment.read(AugmentationKeys.HORIZONTAL_FLIP),
        augment.read(AugmentationKeys.VERTICAL_FLIP),
        affine(augment),
        colorJitter(augment),
        augment.read(AugmentationKeys.GRAYSCALE),
        erasing(augment),
        mix(augment, AugmentationKeys.MIXUP),
        mix(augment, AugmentationKeys.CUTMIX));
  }

  private static @Nullable RandomResizedCrop resizedCrop(Section augment) {
    if (!augment.has(AugmentationKeys.RANDOM_RESIZED_CROP)) {
      return null;
    }
    Section crop =
        augment.section(AugmentationKeys.RANDOM_RESIZED_CROP, AugmentationKeys.RESIZED_CROP_KEYS);
    return new RandomResizedCrop(
        crop.read(AugmentationKeys.CROP_SCALE), crop.read(AugmentationKeys.CROP_RATIO));
  }

  private static @Nullable RandomCrop crop(Section augment, Shape.Image shape) {
    if (!augment.has(AugmentationKeys.RANDOM_CROP)) {
      return null;
    }
    Section crop = augment.section(AugmentationKeys.RANDOM_CROP, AugmentationKeys.CROP_KEYS);
    RandomCrop settings =
        new RandomCrop(
            crop.read(AugmentationKeys.PADDING),
            crop.read(AugmentationKeys.CROP_FILL),
            crop.read(AugmentationKeys.PADDING_MODE));
    int most = Augmenter.mostPadding(settings.paddingMode(), shape);
    if (settings.padding() > most) {
      crop.problem(
          crop.has(AugmentationKeys.PADDING)
              ? AugmentationKeys.PADDING
              : AugmentationKeys.PADDING_MODE,
          "pictures of "
              + shape
              + " (height x width x channels) have at most "
              + most
              + " pixels to mirror",
          "Use a padding of at most " + most + ", or paddingMode = constant.");
    }
    return settings;
  }

  private static @Nullable Affine affine(Section augment) {
    if (!augment.has(AugmentationKeys.AFFINE)) {
      return null;
    }
    Section affine = augment.section(AugmentationKeys.AFFINE, AugmentationKeys.AFFINE_KEYS);
    List<Double> translate = affine.read(AugmentationKeys.TRANSLATE);
    return new Affine(
        affine.read(AugmentationKeys.DEGREES),
        translate.get(0),
        translate.get(1),
        affine.read(AugmentationKeys.SCALE),
        affine.read(AugmentationKeys.INTERPOLATION),
        affine.read(AugmentationKeys.AFFINE_FILL));
  }

  private static @Nullable ColorJitter colorJitter(Section augment) {
    if (!augment.has(AugmentationKeys.COLOR_JITTER)) {
      return null;
    }
    Section jitter = augment.section(AugmentationKeys.COLOR_JITTER, AugmentationKeys.COLOR_KEYS);
    return new ColorJitter(
        jitter.read(AugmentationKeys.BRIGHTNESS),
        jitter.read(AugmentationKeys.CONTRAST),
        jitter.read(AugmentationKeys.SATURATION),
        jitter.read(AugmentationKeys.HUE));
  }

  private static @Nullable Erasing erasing(Section augment) {
    if (!augment.has(AugmentationKeys.ERASING)) {
      return null;
    }
    Section erasing = augment.section(AugmentationKeys.ERASING, AugmentationKeys.ERASING_KEYS);
    return new Erasing(
        erasing.read(AugmentationKeys.P),
        erasing.read(AugmentationKeys.ERASING_SCALE),
        erasing.read(AugmentationKeys.ERASING_RATIO),
        erasing.read(AugmentationKeys.ERASING_VALUE));
  }

  private static @Nullable Mix mix(Section augment, Key<String> key) {
    return augment.has(key)
        ? new Mix(augment.section(key, AugmentationKeys.MIX_KEYS).read(AugmentationKeys.ALPHA))
        : null;
  }
}
