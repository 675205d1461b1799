package dev.tessera.image.augment;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What happens to training examples, in the order of the components; what is null or 0 does not
 * happen. Names, defaults and formulas are those of torchvision's transforms v2.
 *
 * @param horizontalFlip probability, in [0, 1]
 * @param verticalFlip probability, in [0, 1]
 * @param grayscale probability, in [0, 1]; without effect on pictures of one channel
 * @param mixup beside {@code cutmix} every minibatch has one of the two, each with probability 1/2
 */
public record Augmentation(
    @Nullable RandomResizedCrop randomResizedCrop,
    @Nullable RandomCrop randomCrop,
    double horizontalFlip,
    double verticalFlip,
    @Nullable Affine affine,
    @Nullable ColorJitter colorJitter,
    double grayscale,
    @Nullable Erasing erasing,
    @Nullable Mix mixup,
    @Nullable Mix cutmix)
    implements Serializable {
  /** Examples stay as they are. */
  public static final Augmentation NONE =
      new Augmentation(null, null, 0, 0, null, null, 0, null, null, null);

  public Augmentation {
    checkProbability("horizontalFlip", horizontalFlip);
    checkProbability("verticalFlip", verticalFlip);
    checkProbability("grayscale", grayscale);
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /** Whether examples may become mixtures of two. */
  public boolean mixes() {
    return mixup != null || cutmix != null;
  }

  private static void checkProbability(String name, double value) {
    check(value >= 0 && value <= 1, name, value, "a probability is in [0, 1]");
  }

  private static void check(boolean good, String name, Object value, String rule) {
    if (!good) {
      throw new IllegalArgumentException("Invalid " + name + " = " + value + ": " + rule);
    }
  }

  private static void checkByte(String name, int value) {
    check(value >= 0 && value <= 255, name, value, "a pixel value is in [0, 255]");
  }

  private static void checkShares(String name, Range range) {
    check(range.min() >= 0 && range.max() <= 1, name, range, "parts of an area are in [0, 1]");
  }

  private static void checkRatio(String name, Range range) {
    check(range.min() > 0, name, range, "a ratio of sides is above 0");
  }

  /**
   * A part of the picture, resized to the whole's size.
   *
   * @param scale part of the area, in [0, 1]
   * @param ratio width over height of the part, above 0
   */
  public record RandomResizedCrop(Range scale, Range ratio) implements Serializable {
    public RandomResizedCrop {
      checkShares("randomResizedCrop.scale", scale);
      checkRatio("randomResizedCrop.ratio", ratio);
    }
  }

  /**
   * A window of the picture's size, somewhere on the picture with a border added.
   *
   * @param padding pixels of border on every side, at least 0
   * @param fill pixel value of the border where the mode is constant, in [0, 255]
   */
  public record RandomCrop(int padding, int fill, PaddingMode paddingMode) implements Serializable {
    public RandomCrop {
      check(padding >= 0, "randomCrop.padding", padding, "it is at least 0");
      checkByte("randomCrop.fill", fill);
    }
  }

  /** What a border is made of. */
  public enum PaddingMode {
    /** One value. */
    CONSTANT,
    /** The outermost pixel. */
    EDGE,
    /** The picture mirrored at its outermost pixel: of abcd, cb stands before and cb after. */
    REFLECT,
    /** The picture mirrored at its edge: of abcd, ba stands before and dc after. */
    SYMMETRIC
  }

  /**
   * Turned, moved and zoomed about the middle of the picture.
   *
   * @param degrees angle, clockwise
   * @param translateX largest move to either side, as a part of the width, in [0, 1]
   * @param translateY largest move up or down, as a part of the height, in [0, 1]
   * @param scale factor of the sides, above 0
   * @param fill pixel value where the picture has gone, in [0, 255]
   */
  public record Affine(
      Range degrees,
      double translateX,
      double translateY,
      Range scale,
      Interpolation interpolation,
      int fill)
      implements Serializable {
    public Affine {
      check(
          translateX >= 0 && translateX <= 1 && translateY >= 0 && translateY <= 1,
          "affine.translate",
          translateX + ", " + translateY,
          "parts of a side are in [0, 1]");
      check(scale.min() > 0, "affine.scale", scale, "a factor is above 0");
      checkByte("affine.fill", fill);
    }
  }

  /** How a pixel between pixels is made. */
  public enum Interpolation {
    /** The nearest one. */
    NEAREST,
    /** A mean of four, by distance. */
    BILINEAR
  }

  /**
   * Colours changed by factors, in an order drawn for every picture.
   *
   * @param brightness factor, at least 0; 1 changes nothing
   * @param contrast factor, at least 0; 1 changes nothing
   * @param saturation factor, at least 0; 1 changes nothing
   * @param hue part of the colour circle, in [-0.5, 0.5]; 0 changes nothing
   */
  public record ColorJitter(Range brightness, Range contrast, Range saturation, Range hue)
      implements Serializable {
    public ColorJitter {
      check(brightness.min() >= 0, "colorJitter.brightness", brightness, "it is at least 0");
      check(contrast.min() >= 0, "colorJitter.contrast", contrast, "it is at least 0");
      check(saturation.min() >= 0, "colorJitter.saturation", saturation, "it is at least 0");
      check(hue.min() >= -0.5 && hue.max() <= 0.5, "colorJitter.hue", hue, "it is in [-0.5, 0.5]");
    }
  }

  /**
   * A rectangle painted over.
   *
   * @param p probability, in [0, 1]
   * @param scale part of the area, in [0, 1]
   * @param ratio height over width of the rectangle, above 0
   * @param value pixel value, in [0, 255]
   */
  public record Erasing(double p, Range scale, Range ratio, int value) implements Serializable {
    public Erasing {
      checkProbability("erasing.p", p);
      checkShares("erasing.scale", scale);
      checkRatio("erasing.ratio", ratio);
      checkByte("erasing.value", value);
    }
  }

  /**
   * Every example mixed with the one before it in the minibatch, the first with the last.
   *
   * @param alpha both parameters of the beta distribution of the share, above 0: 1 is uniform, less
   *     favours shares near 0 and 1
   */
  public record Mix(double alpha) implements Serializable {
    public Mix {
      check(
          alpha > 0 && alpha < Double.POSITIVE_INFINITY, "alpha", alpha, "it is a number above 0");
    }
  }
}
