package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.network.Shape;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeTest {
  private static final Colour GREEN = new Colour(0, 150, 0);

  private static ImageSettings image(int height, int width, ResizeSettings.Kind kind) {
    return ImageSettings.of(new Shape.Image(height, width, 1))
        .withResize(new ResizeSettings(kind, GREEN, ResizeSettings.Interpolation.BILINEAR));
  }

  /** A grey picture, row by row. */
  private static byte[] grey(int width, int... values) {
    BufferedImage picture =
        new BufferedImage(width, values.length / width, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < values.length; i++) {
      picture.getRaster().setSample(i % width, i / width, 0, values[i]);
    }
    return PictureFiles.encode(picture, "png");
  }

  @Test
  void stretchesEachSideByItself() throws Exception {
    byte[] file = grey(4, 10, 20, 30, 40, 50, 60, 70, 80);
    assertThat(Decoding.decode(file, image(1, 2, ResizeSettings.Kind.STRETCH)))
        .isEqualTo(PngFile.bytes(35, 55));
  }

  @Test
  void fitsTheWholePictureWithPaddingAround() throws Exception {
    // 150 of green is 88 of grey
    assertThat(Decoding.decode(grey(4, 10, 20, 30, 40), image(3, 4, ResizeSettings.Kind.FIT)))
        .isEqualTo(PngFile.bytes(88, 88, 88, 88, 10, 20, 30, 40, 88, 88, 88, 88));
    assertThat(Decoding.decode(grey(1, 10, 20), image(2, 4, ResizeSettings.Kind.FIT)))
        .isEqualTo(PngFile.bytes(88, 10, 88, 88, 88, 20, 88, 88));
  }

  @Test
  void padsInColour() throws Exception {
    ImageSettings image =
        ImageSettings.of(new Shape.Image(2, 1, 3))
            .withResize(
                new ResizeSettings(
                    ResizeSettings.Kind.FIT,
                    new Colour(1, 2, 3),
                    ResizeSettings.Interpolation.BILINEAR));
    byte[] target = new byte[7];
    byte[] file = grey(1, 77);
    try (ImageDecoder decoder = new ImageDecoder(image)) {
      decoder.decode(file, file.length, target, 1);
    }
    assertThat(target).isEqualTo(PngFile.bytes(0, 77, 77, 77, 1, 2, 3));
  }

  @Test
  void fillsTheShapeWithTheCentre() throws Exception {
    assertThat(
            Decoding.decode(
                grey(4, 10, 20, 30, 40, 50, 60, 70, 80), image(2, 2, ResizeSettings.Kind.FILL)))
        .isEqualTo(PngFile.bytes(20, 30, 60, 70));
    // Of one too many, the one at the right or at the bottom goes.
    assertThat(Decoding.decode(grey(2, 1, 2, 3, 4, 5, 6), image(2, 2, ResizeSettings.Kind.FILL)))
        .isEqualTo(PngFile.bytes(1, 2, 3, 4));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void seesThePartOfTheUprightPicture(int orientation) throws Exception {
    byte[] file = PictureFiles.resource("photo.jpg");
    file[0x30] = (byte) orientation;
    boolean across = orientation >= 5;
    byte[] whole = Decoding.decode(file, across ? 180 : 240, across ? 240 : 180, 1);
    byte[] part = Decoding.decode(file, image(179, 179, ResizeSettings.Kind.FILL));
    int width = across ? 240 : 180;
    // 180 x 180 are seen, brought to 179: the corner keeps nearly its value.
    int left = across ? 30 : 0;
    int top = across ? 0 : 30;
    assertThat((double) (part[0] & 0xff)).isCloseTo(whole[top * width + left] & 0xff, within(6.0));
  }

  @Test
  void growsBicubically() throws Exception {
    ImageSettings image =
        ImageSettings.of(new Shape.Image(1, 4, 1))
            .withResize(
                new ResizeSettings(
                    ResizeSettings.Kind.STRETCH,
                    Colour.BLACK,
                    ResizeSettings.Interpolation.BICUBIC));
    byte[] bicubic = Decoding.decode(grey(2, 50, 150), image);
    // Beyond the straight line of 50, 75, 125, 150, as a cubic with a = -0.75 is.
    assertThat(bicubic[0] & 0xff).isLessThan(50);
    assertThat(bicubic[3] & 0xff).isGreaterThan(150);
    assertThat((bicubic[1] & 0xff) + (bicubic[2] & 0xff)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"61, 47, 32, 32", "100, 99, 98, 99", "64, 64, 32, 16", "33, 35, 9, 9", "7, 5, 3, 2"})
  void shrinksToTheMeanOfTheAreaWithinRounding(int width, int height, int toWidth, int toHeight)
      throws Exception {
    int[] values = new Random(7).ints((long) width * height, 0, 256).toArray();
    ImageSettings image = image(toHeight, toWidth, ResizeSettings.Kind.STRETCH);
    byte[] pixels = Decoding.decode(grey(width, values), image);
    for (int i = 0; i < pixels.length; i++) {
      double mean = mean(values, width, height, i % toWidth, i / toWidth, toWidth, toHeight);
      // Half a level for each side's rounding, and a weight of eight bits for each.
      assertThat((double) (pixels[i] & 0xff)).isCloseTo(mean, within(1.5));
    }
  }

  /** Slow and obvious. */
  private static double mean(
      int[] values, int width, int height, int x, int y, int toWidth, int toHeight) {
    double sum = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        sum +=
            values[row * width + column]
                * overlap(row, y, (double) height / toHeight)
                * overlap(column, x, (double) width / toWidth);
      }
    }
    return sum * toWidth * toHeight / width / height;
  }

  private static double overlap(int pixel, int place, double scale) {
    double begin = Math.max(pixel, place * scale);
    double end = Math.min(pixel + 1.0, (place + 1) * scale);
    return Math.max(0, end - begin);
  }

  @Test
  void keepsAPlainPicturePlain() throws Exception {
    for (int side = 1; side < 40; side++) {
      int[] values = new int[37 * 41];
      java.util.Arrays.fill(values, 251);
      byte[] pixels =
          Decoding.decode(grey(37, values), image(side, side, ResizeSettings.Kind.STRETCH));
      assertThat(pixels).as("side %d", side).containsOnly(251);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "STRETCH, 2000, 1500, 224, 224, 4",
    "STRETCH, 500, 375, 224, 224, 1",
    "STRETCH, 2000, 1500, 32, 32, 8",
    "STRETCH, 2000, 30, 224, 32, 1",
    "FIT, 2000, 1500, 224, 224, 4",
    "FILL, 3000, 672, 224, 224, 2",
    "FILL, 3000, 671, 224, 224, 1"
  })
  void decodesJpegAtAPartOfItsSizeThatLeavesHalfAsMuchAgain(
      ResizeSettings.Kind kind, int width, int height, int toWidth, int toHeight, int reduction) {
    ImageHeader header =
        new ImageHeader(ImageFormat.JPEG, width, height, 1, Orientation.UPRIGHT, 3, Alpha.NONE);
    assertThat(Reduction.of(header, image(toHeight, toWidth, kind))).isEqualTo(reduction);
  }

  @Test
  void staysCloseToFullDecodingWhereJpegIsReduced() throws Exception {
    byte[] file = PictureFiles.resource("photo.jpg");
    byte[] reduced = Decoding.decode(file, 60, 45, 3);
    BufferedImage whole = new BufferedImage(180, 240, BufferedImage.TYPE_3BYTE_BGR);
    byte[] pixels = Decoding.decode(file, 240, 180, 3);
    for (int i = 0; i < 180 * 240; i++) {
      int red = pixels[3 * i] & 0xff;
      int green = pixels[3 * i + 1] & 0xff;
      int blue = pixels[3 * i + 2] & 0xff;
      whole.setRGB(i % 180, i / 180, new Color(red, green, blue).getRGB());
    }
    byte[] full = Decoding.decode(PictureFiles.encode(whole, "png"), 60, 45, 3);
    double sum = 0;
    for (int i = 0; i < full.length; i++) {
      sum += Math.abs((full[i] & 0xff) - (reduced[i] & 0xff));
    }
    assertThat(sum / full.length).isBetween(0.01, 1.5);
  }
}
