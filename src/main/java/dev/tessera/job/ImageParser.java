package dev.tessera.job;

import dev.tessera.image.Colour;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelScaling;
import dev.tessera.image.ResizeSettings;
import dev.tessera.image.augment.Augmentation;
import java.util.List;

/** {@code image}: what every picture is brought to before the network sees it. */
final class ImageParser {
  static final Key<Integer> HEIGHT =
      Key.of(
          "height", WholeNumber.from(1, 4096), 32, "pixels", "Rows of a picture after resizing.");
  static final Key<Integer> WIDTH =
      Key.of(
          "width", WholeNumber.from(1, 4096), 32, "pixels", "Columns of a picture after resizing.");
  static final Key<Integer> CHANNELS =
      Key.of(
          "channels",
          Word.ofNumbers(1, 3),
          3,
          "channels",
          "Colours of a picture: 1 for grey, 3 for red, green and blue.");
  static final Key<PixelScaling.Kind> SCALING =
      Key.of(
          "scaling",
          Word.of(PixelScaling.Kind.values()),
          PixelScaling.Kind.UNIT,
          "",
          "What becomes of pixel values: unit takes them to [0, 1], symmetric to [-1, 1], standardise"
              + " to mean 0 and deviation 1 of every channel, as the training set has them.");
  static final Key<Long> MAX_PIXELS =
      Key.of(
          "maxPixels",
          WholeNumber.fromLong(1, 1_000_000_000),
          100_000_000L,
          "pixels",
          "Pictures of more pixels, height times width, are refused before memory is taken.");

  static final Key<Colour> BACKGROUND =
      Key.of(
          "background",
          new ColourList(),
          Colour.BLACK,
          "",
          "What shows through where a picture is transparent.");
  static final Key<ResizeSettings.Kind> RESIZE =
      Key.of(
          "resize",
          Word.of(ResizeSettings.Kind.values()),
          ResizeSettings.DEFAULT.kind(),
          "",
          "How pictures of other proportions come to height and width: stretch takes each side by"
              + " itself, fit keeps the proportions and the whole picture with padding around, fill"
              + " keeps the proportions and cuts off what is beyond on either side.");
  static final Key<Colour> PADDING =
      Key.of(
          "padding",
          new ColourList(),
          ResizeSettings.DEFAULT.padding(),
          "",
          "For resize = fit: what is around the picture.");
  static final Key<ResizeSettings.Interpolation> INTERPOLATION =
      Key.of(
          "interpolation",
          Word.of(ResizeSettings.Interpolation.values()),
          ResizeSettings.DEFAULT.interpolation(),
          "",
          "How a picture grows that is smaller; one that shrinks takes the mean of the area.");

  static final List<Key<?>> KEYS =
      List.of(
          HEIGHT,
          WIDTH,
          CHANNELS,
          SCALING,
          MAX_PIXELS,
          BACKGROUND,
          RESIZE,
          PADDING,
          INTERPOLATION,
          AugmentationKeys.AUGMENT);

  private ImageParser() {}

  static ImageSettings read(Section image) {
    return new ImageSettings(
        image.read(HEIGHT),
        image.read(WIDTH),
        image.read(CHANNELS),
        image.read(SCALING),
        image.read(MAX_PIXELS),
        image.read(BACKGROUND),
        new ResizeSettings(image.read(RESIZE), image.read(PADDING), image.read(INTERPOLATION)));
  }

  static void write(ImageSettings image, Augmentation augment, HoconWriter to) {
    to.open("image")
        .put(HEIGHT, image.height())
        .put(WIDTH, image.width())
        .put(CHANNELS, image.channels())
        .put(SCALING, image.scaling())
        .put(MAX_PIXELS, image.maxPixels())
        .put(BACKGROUND, image.background())
        .put(RESIZE, image.resize().kind())
        .put(PADDING, image.resize().padding())
        .put(INTERPOLATION, image.resize().interpolation());
    AugmentationWriter.write(augment, to);
    to.close();
  }
}
