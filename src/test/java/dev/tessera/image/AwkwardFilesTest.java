package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.network.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real files of every kind. The means are Pillow's on black; src/test/resources/images has them.
 */
class AwkwardFilesTest {
  /** JPEG and lossy WebP decoders may differ by rounding, and CMYK has no one formula. */
  private static final double LOSSY = 2;

  private static final double LOSSLESS = 0.15;

  @ParameterizedTest
  @CsvSource({
    "photo.jpg, 240, 180, 186.2, 178.5, 169.5",
    "progressive.jpg, 256, 192, 147.8, 126.5, 108.2",
    "gray-progressive.jpg, 256, 192, 111.8, 111.8, 111.8",
    "cmyk.jpg, 200, 150, 164.0, 157.3, 145.5",
    "ycck.jpg, 240, 180, 150.9, 145.0, 134.3",
    "video-001.lossy.webp, 103, 150, 144.9, 94.3, 70.9",
    "anim_frame1.webp, 82, 82, 250.5, 243.8, 243.7",
    "hopper_orientation_6.webp, 128, 128, 89.8, 80.2, 95.7"
  })
  void readsLossyFilesInTheColoursOfAnotherDecoder(
      String name, int height, int width, double red, double green, double blue) throws Exception {
    assertMeans(name, height, width, new double[] {red, green, blue}, LOSSY);
  }

  @ParameterizedTest
  @CsvSource({
    // one, two, four bits; palettes; interlaced
    "basn0g01.png, 32, 32, 124.5, 124.5, 124.5",
    "basn0g02.png, 32, 32, 127.5, 127.5, 127.5",
    "basn3p04.png, 32, 32, 69.6, 179.0, 137.1",
    "basi3p01.png, 32, 32, 136.0, 178.5, 144.5",
    "basi2c08.png, 32, 32, 191.2, 191.2, 191.2",
    // sixteen bits, gamma, alpha, transparent entry of a palette
    "basn2c16.png, 32, 32, 127.5, 127.5, 43.8",
    "g07n0g16.png, 32, 32, 142.1, 142.1, 142.1",
    "basn4a16.png, 32, 32, 38.9, 38.9, 38.9",
    "basn6a08.png, 32, 32, 50.1, 95.3, 47.2",
    "tbbn3p08.png, 32, 32, 54.1, 61.3, 56.3",
    // animated: the default picture where it is no frame, else the first frame
    "apng-default-picture.png, 64, 128, 0, 255, 0",
    "apng-first-frame.png, 64, 128, 255, 0, 0",
    "apng-frames.png, 64, 128, 255, 0, 0",
    // BMP in one bit and RLE4, which Pillow reads as noise: the JDK's means
    "pal1bg.bmp, 64, 127, 64.0, 120.4, 198.6",
    "pal4rle.bmp, 64, 127, 77.8, 107.6, 79.2",
    // GIF: the first frame, interlaced, transparent, smaller than its canvas
    "interlaced.gif, 32, 32, 189.3, 191.0, 189.6",
    "any-disposal.gif, 32, 32, 28.4, 26.8, 1.6",
    "first_frame_transparency.gif, 50, 75, 0, 85, 0",
    "issue_1455_undersized.gif, 100, 100, 63.75, 0, 0",
    "gopher-doc.4bpp.lossless.webp, 100, 75, 227.4, 227.4, 227.4",
    "gopher-doc.with-alpha.lossless.webp, 100, 75, 0, 0, 0",
    // TIFF: packed bits, fax, palettes of one and four bits, alpha
    "bw-packbits.tiff, 55, 153, 237.7, 237.7, 237.7",
    "g4_orientation_1.tif, 88, 590, 226.7, 226.7, 226.7",
    "multipage-lastframe.tif, 20, 20, 0, 0, 255",
    "flower-palette-04.tif, 43, 73, 97.4, 97.9, 70.1",
    "no_rps.tiff, 15, 16, 79.7, 70.9, 60.9"
  })
  void readsLosslessFilesInTheColoursOfAnotherDecoder(
      String name, int height, int width, double red, double green, double blue) throws Exception {
    assertMeans(name, height, width, new double[] {red, green, blue}, LOSSLESS);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7, 8})
  void turnsTiffUpright(int orientation) throws Exception {
    byte[] upright = decode("g4_orientation_1.tif", 88, 590);
    byte[] turned = decode("g4_orientation_" + orientation + ".tif", 88, 590);
    int differing = 0;
    for (int i = 0; i < upright.length; i++) {
      differing += upright[i] == turned[i] ? 0 : 1;
    }
    // The files were made one by one, and are not equal to the bit.
    assertThat(differing).isLessThan(upright.length / 50);
  }

  @Test
  void showsTheBackgroundWhereAPaletteIsTransparent() throws Exception {
    ImageSettings white =
        ImageSettings.of(new Shape.Image(32, 32, 3)).withBackground(new Colour(255, 255, 255));
    byte[] pixels = Decoding.decode(PictureFiles.resource("tbbn3p08.png"), white);
    assertThat(pixels[0]).isEqualTo((byte) 255);
    assertThat(Decoding.decode(PictureFiles.resource("tbbn3p08.png"), 32, 32, 3)[0]).isZero();
  }

  private static void assertMeans(
      String name, int height, int width, double[] expected, double tolerance) throws Exception {
    double[] means = Decoding.means(decode(name, height, width));
    for (int channel = 0; channel < 3; channel++) {
      assertThat(means[channel])
          .as("channel %d of %s", channel, name)
          .isCloseTo(expected[channel], within(tolerance));
    }
  }

  private static byte[] decode(String name, int height, int width) throws DecodeFailure {
    return Decoding.decode(PictureFiles.resource(name), height, width, 3);
  }
}
