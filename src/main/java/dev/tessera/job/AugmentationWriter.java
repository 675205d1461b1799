package dev.tessera.job;

import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.Erasing;
import dev.tessera.image.augment.Augmentation.Mix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code image.augment} as HOCON. */
final class AugmentationWriter {
  private AugmentationWriter() {}

  static void write(Augmentation augment, HoconWriter to) {
    to.open(AugmentationKeys.AUGMENT.name());
    if (augment.randomResizedCrop() != null) {
      to.open(AugmentationKeys.RANDOM_RESIZED_CROP.name())
          .put(AugmentationKeys.CROP_SCALE, augment.randomResizedCrop().scale())
          .put(AugmentationKeys.CROP_RATIO, augment.randomResizedCrop().ratio())
          .close();
    }
    if (augment.randomCrop() != null) {
      to.open(AugmentationKeys.RANDOM_CROP.name())
          .put(AugmentationKeys.PADDING, augment.randomCrop().padding())
          .put(AugmentationKeys.CROP_FILL, augment.randomCrop().fill())
          .put(AugmentationKeys.PADDING_MODE, augment.randomCrop().paddingMode())
          .close();
    }
    to.put(AugmentationKeys.HORIZONTAL_FLIP, augment.horizontalFlip())
        .put(AugmentationKeys.VERTICAL_FLIP, augment.verticalFlip());
    if (augment.affine() != null) {
      write(augment.affine(), to);
    }
    if (augment.colorJitter() != null) {
      to.open(AugmentationKeys.COLOR_JITTER.name())
          .put(AugmentationKeys.BRIGHTNESS, augment.colorJitter().brightness())
          .put(AugmentationKeys.CONTRAST, augment.colorJitter().contrast())
          .put(AugmentationKeys.SATURATION, augment.colorJitter().saturation())
          .put(AugmentationKeys.HUE, augment.colorJitter().hue())
          .close();
    }
    to.put(AugmentationKeys.GRAYSCALE, augment.grayscale());
    if (augment.erasing() != null) {
      write(augment.erasing(), to);
    }
    write(AugmentationKeys.MIXUP, augment.mixup(), to);
    write(AugmentationKeys.CUTMIX, augment.cutmix(), to);
    to.close();
  }

  private static void write(Affine affine, HoconWriter to) {
    to.open(AugmentationKeys.AFFINE.name())
        .put(AugmentationKeys.DEGREES, affine.degrees())
        .put(AugmentationKeys.TRANSLATE, List.of(affine.translateX(), affine.translateY()))
        .put(AugmentationKeys.SCALE, affine.scale())
        .put(AugmentationKeys.INTERPOLATION, affine.interpolation())
        .put(AugmentationKeys.AFFINE_FILL, affine.fill())
        .close();
  }

  private static void write(Erasing erasing, HoconWriter to) {
    to.open(AugmentationKeys.ERASING.name())
        .put(AugmentationKeys.P, erasing.p())
        .put(AugmentationKeys.ERASING_SCALE, erasing.scale())
        .put(AugmentationKeys.ERASING_RATIO, erasing.ratio())
        .put(AugmentationKeys.ERASING_VALUE, erasing.value())
        .close();
  }

  private static void write(Key<String> key, @Nullable Mix mix, HoconWriter to) {
    if (mix != null) {
      to.open(key.name()).put(AugmentationKeys.ALPHA, mix.alpha()).close();
    }
  }
}
