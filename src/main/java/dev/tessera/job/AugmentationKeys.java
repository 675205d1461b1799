package dev.tessera.job;

import dev.tessera.image.augment.Augmentation.Interpolation;
import dev.tessera.image.augment.Augmentation.PaddingMode;
import dev.tessera.image.augment.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of {@code image.augment} and of the groups in it; defaults are torchvision's. */
final class AugmentationKeys {
  static final Key<String> AUGMENT =
      Group.key(
          "augment",
          "group",
          "augment { horizontalFlip = 0.5, randomCrop { padding = 4 } }",
          "{}, nothing",
          "Random changes of the training images, drawn anew every time an image is seen; never of"
              + " those that are evaluated.");

  static final Key<String> RANDOM_RESIZED_CROP =
      off("randomResizedCrop", "{}", "A random part of the picture, enlarged to its size.");
  static final Key<String> RANDOM_CROP =
      off(
          "randomCrop",
          "{ padding = 4 }",
          "The picture gets a border, and a window of its size is cut out at a random place.");
  static final Key<Double> HORIZONTAL_FLIP =
      probability("horizontalFlip", 0, "Of mirroring left and right; 0.5 is usual.");
  static final Key<Double> VERTICAL_FLIP =
      probability("verticalFlip", 0, "Of mirroring top and bottom.");
  static final Key<String> AFFINE =
      off(
          "affine",
          "{ degrees = 15 }",
          "The picture is turned, moved and zoomed about its middle.");
  static final Key<String> COLOR_JITTER =
      off(
          "colorJitter",
          "{ brightness = 0.4, contrast = 0.4, saturation = 0.4, hue = 0.1 }",
          "Colours are changed, in an order that is drawn too.");
  static final Key<Double> GRAYSCALE =
      probability("grayscale", 0, "Of taking the colours away; 0.1 is usual.");
  static final Key<String> ERASING =
      off("erasing", "{ p = 0.5 }", "A random rectangle is painted over.");
  static final Key<String> MIXUP =
      off(
          "mixup",
          "{ alpha = 0.2 }",
          "Every picture is blended with another of its minibatch, and has the labels of both.");
  static final Key<String> CUTMIX =
      off(
          "cutmix",
          "{ alpha = 1 }",
          "Every picture gets a rectangle of another of its minibatch, and has the labels of both."
              + " Beside mixup every minibatch has one of the two.");

  static final List<Key<?>> KEYS =
      List.of(
          RANDOM_RESIZED_CROP,
          RANDOM_CROP,
          HORIZONTAL_FLIP,
          VERTICAL_FLIP,
          AFFINE,
          COLOR_JITTER,
          GRAYSCALE,
          ERASING,
          MIXUP,
          CUTMIX);

  static final Key<Range> CROP_SCALE =
      Key.of(
          "scale",
          new Ranges.Pair(Decimal.from(0, 1)),
          new Range(0.08, 1),
          "",
          "The part, of the picture's area.");
  static final Key<Range> CROP_RATIO =
      Key.of(
          "ratio",
          new Ranges.Pair(Decimal.from(0.01, 100)),
          new Range(3.0 / 4, 4.0 / 3),
          "",
          "The part's width over its height.");
  static final Key<Integer> PADDING =
      Key.of(
          "padding", WholeNumber.from(0, 4096), 4, "pixels", "Width of the border on every side.");
  static final Key<Integer> CROP_FILL = pixel("fill", "Of a constant border.");
  static final Key<PaddingMode> PADDING_MODE =
      Key.of(
          "paddingMode",
          Word.of(PaddingMode.values()),
          PaddingMode.CONSTANT,
          "",
          "What the border is made of: one value, the outermost pixel, or the picture mirrored without"
              + " (reflect) or with (symmetric) its outermost pixel.");
  static final Key<Range> DEGREES =
      Key.of(
          "degrees", Ranges.around(0, -180, 180), new Range(0, 0), "degrees", "Angle, clockwise.");
  static final Key<List<Double>> TRANSLATE =
      Key.of(
          "translate",
          new Distances(),
          List.of(0.0, 0.0),
          "",
          "Largest move to either side, as a part of the side.");
  static final Key<Range> SCALE =
      Key.of(
          "scale",
          new Ranges.Pair(Decimal.from(0.01, 100)),
          new Range(1, 1),
          "",
          "Factor of the picture's sides.");
  static final Key<Interpolation> INTERPOLATION =
      Key.of(
          "interpolation",
          Word.of(Interpolation.values()),
          Interpolation.NEAREST,
          "",
          "How a pixel between pixels is made; bilinear looks better and takes longer.");
  static final Key<Integer> AFFINE_FILL = pixel("fill", "Where the picture has gone.");
  static final Key<Range> BRIGHTNESS = factor("brightness", "Factor of all values");
  static final Key<Range> CONTRAST =
      factor("contrast", "Factor of the distance to the picture's mean brightness");
  static final Key<Range> SATURATION =
      factor("saturation", "Factor of the distance to the picture without colours");
  static final Key<Range> HUE =
      Key.of(
          "hue",
          Ranges.around(0, -0.5, 0.5),
          new Range(0, 0),
          "",
          "Move along the circle of colours, of which it is a part. A number h is from -h to h.");
  static final Key<Double> P = probability("p", 0.5, "Of painting over at all.");
  static final Key<Range> ERASING_SCALE =
      Key.of(
          "scale",
          new Ranges.Pair(Decimal.from(0, 1)),
          new Range(0.02, 0.33),
          "",
          "The rectangle, of the picture's area.");
  static final Key<Range> ERASING_RATIO =
      Key.of(
          "ratio",
          new Ranges.Pair(Decimal.from(0.01, 100)),
          new Range(0.3, 3.3),
          "",
          "The rectangle's height over its width.");
  static final Key<Integer> ERASING_VALUE = pixel("value", "Of the rectangle.");
  static final Key<Double> ALPHA =
      Key.of(
          "alpha",
          Decimal.above(0, 1000),
          1.0,
          "",
          "Both parameters of the beta distribution of the shares: 1 draws all shares alike, less"
              + " favours those near 0 and 1.");

  static final List<Key<?>> CROP_KEYS = List.of(PADDING, CROP_FILL, PADDING_MODE);
  static final List<Key<?>> RESIZED_CROP_KEYS = List.of(CROP_SCALE, CROP_RATIO);
  static final List<Key<?>> AFFINE_KEYS =
      List.of(DEGREES, TRANSLATE, SCALE, INTERPOLATION, AFFINE_FILL);
  static final List<Key<?>> COLOR_KEYS = List.of(BRIGHTNESS, CONTRAST, SATURATION, HUE);
  static final List<Key<?>> ERASING_KEYS = List.of(P, ERASING_SCALE, ERASING_RATIO, ERASING_VALUE);
  static final List<Key<?>> MIX_KEYS = List.of(ALPHA);

  private AugmentationKeys() {}

  /** Keys of the groups in it, by the names of the groups. */
  static Map<String, List<Key<?>>> groups() {
    Map<String, List<Key<?>>> groups = new LinkedHashMap<>();
    groups.put(RANDOM_RESIZED_CROP.name(), RESIZED_CROP_KEYS);
    groups.put(RANDOM_CROP.name(), CROP_KEYS);
    groups.put(AFFINE.name(), AFFINE_KEYS);
    groups.put(COLOR_JITTER.name(), COLOR_KEYS);
    groups.put(ERASING.name(), ERASING_KEYS);
    groups.put(MIXUP.name(), MIX_KEYS);
    groups.put(CUTMIX.name(), MIX_KEYS);
    return groups;
  }

  private static Key<String> off(String name, String example, String meaning) {
    return Group.key(name, "group", name + " " + example, "off", meaning);
  }

  private static Key<Double> probability(String name, double fallback, String what) {
    return Key.of(name, Decimal.from(0, 1), fallback, "", "Probability " + lower(what));
  }

  private static String lower(String sentence) {
    return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static Key<Integer> pixel(String name, String where) {
    return Key.of(name, WholeNumber.from(0, 255), 0, "", "Pixel value " + lower(where));
  }

  private static Key<Range> factor(String name, String meaning) {
    return Key.of(
        name,
        Ranges.around(1, 0, 100),
        new Range(1, 1),
        "",
        meaning + ". A number b is from 1 - b, but not below 0, to 1 + b.");
  }
}
