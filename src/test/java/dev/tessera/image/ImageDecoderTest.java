package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.network.Shape;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tiff"})
  void readsLosslessFormatsToTheBit(String format) throws Exception {
    BufferedImage picture = PictureFiles.pattern(23, 17, BufferedImage.TYPE_3BYTE_BGR);
    assertThat(decode(PictureFiles.encode(picture, format), 17, 23, 3)).isEqualTo(rgb(picture));
  }

  @Test
  void readsGifToTheBit() throws Exception {
    BufferedImage picture = new BufferedImage(16, 9, BufferedImage.TYPE_BYTE_INDEXED);
    for (int i = 0; i < 16 * 9; i++) {
      picture.setRGB(i % 16, i / 16, i % 2 == 0 ? 0xff3366cc : 0xff99ff00);
    }
    assertThat(decode(PictureFiles.encode(picture, "gif"), 9, 16, 3)).isEqualTo(rgb(picture));
  }

  @Test
  void readsLosslessWebpToTheBit() throws Exception {
    BufferedImage picture = PictureFiles.pattern(23, 17, BufferedImage.TYPE_3BYTE_BGR);
    assertThat(decode(PictureFiles.webp(picture), 17, 23, 3)).isEqualTo(rgb(picture));
  }

  @Test
  void blendsAlphaOntoTheBackground() throws Exception {
    BufferedImage picture = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, 0x006496c8);
    picture.setRGB(1, 0, 0x806496c8);
    picture.setRGB(2, 0, 0xff6496c8);
    byte[] file = PictureFiles.encode(picture, "png");
    // 100, 150, 200 by 128 / 255 is 50.2, 75.3, 100.4
    assertThat(decode(file, 1, 3, 3)).isEqualTo(PngFile.bytes(0, 0, 0, 50, 75, 100, 100, 150, 200));
    ImageSettings blue =
        ImageSettings.of(new Shape.Image(1, 3, 3)).withBackground(new Colour(0, 10, 255));
    // and 0, 10, 255 by 127 / 255 is 0, 5.0, 127
    assertThat(Decoding.decode(file, blue))
        .isEqualTo(PngFile.bytes(0, 10, 255, 50, 80, 227, 100, 150, 200));
  }

  @Test
  void showsTheBackgroundInsteadOfATransparentGrey() throws Exception {
    for (int bits : new int[] {4, 8, 16}) {
      PngFile file = new PngFile().header(2, 1, bits, PngFile.GREY);
      file.chunk("tRNS", PngFile.bytes(bits == 16 ? 9 : 0, 9));
      byte[] whole =
          switch (bits) {
            case 4 -> file.rows(0, 0x39).end();
            case 8 -> file.rows(0, 51, 9).end();
            default -> file.rows(0, 51, 51, 9, 9).end();
          };
      ImageSettings red =
          ImageSettings.of(new Shape.Image(1, 2, 3)).withBackground(new Colour(200, 0, 1));
      assertThat(Decoding.decode(whole, red))
          .as("%d bits", bits)
          .isEqualTo(PngFile.bytes(51, 51, 51, 200, 0, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 17, 255})
  void refusesATransparentGreyOfNoBitsOrTooMany(int bits) {
    PngFile file = new PngFile().header(1, 1, bits, PngFile.GREY);
    assertFailure(
        file.chunk("tRNS", PngFile.bytes(0, 9)).rows(0, 9).end(),
        "the PNG header is damaged: it has samples of " + bits + " bits");
  }

  @Test
  void aDefectOfOursIsNoBadPicture() {
    ImageHeader header =
        new ImageHeader(ImageFormat.PNG, 1, 1, 1, Orientation.UPRIGHT, 0, Alpha.NONE);
    try (PictureCodec codec = new PictureCodec(Colour.BLACK, false)) {
      // Shorter than the signature, which the header's reader would never have passed on.
      assertThatThrownBy(() -> codec.decode(new byte[4], 4, header, 1))
          .isInstanceOf(ArrayIndexOutOfBoundsException.class);
    }
  }

  @Test
  void roundsSixteenBitsToEight() throws Exception {
    BufferedImage picture = new BufferedImage(4, 1, BufferedImage.TYPE_USHORT_GRAY);
    int[] values = {0xffff, 0x8000, 0x01ff, 0x0100};
    for (int i = 0; i < values.length; i++) {
      picture.getRaster().setSample(i, 0, 0, values[i]);
    }
    byte[] file = PictureFiles.encode(picture, "png");
    // 511 / 257 is 1.99, of which cutting would make 1
    assertThat(decode(file, 1, 4, 1)).isEqualTo(PngFile.bytes(255, 128, 2, 1));
  }

  @Test
  void bringsFiveBitsOfABmpToTheWholeRange() throws Exception {
    byte[] white = PictureFiles.encode(pixel(0xffffff), "bmp");
    assertThat(decode(white, 1, 1, 3)).isEqualTo(PngFile.bytes(255, 255, 255));
    // The JDK writes 24 bits; this is the same header for 16, with a pixel of 5, 5, 5 bits.
    byte[] file = Arrays.copyOf(white, 58);
    file[28] = 16;
    file[54] = (byte) 0xff;
    file[55] = 0x7f;
    assertThat(decode(file, 1, 1, 3)).isEqualTo(PngFile.bytes(255, 255, 255));
    file[54] = 0x10;
    file[55] = 0;
    // 16 of 31 in blue
    assertThat(decode(file, 1, 1, 3)).isEqualTo(PngFile.bytes(0, 0, 132));
  }

  private static BufferedImage pixel(int rgb) {
    BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
    picture.setRGB(0, 0, rgb);
    return picture;
  }

  @Test
  void makesGreyOfColoursAndColoursOfGrey() throws Exception {
    byte[] colour = PictureFiles.plain(3, 3, new Color(200, 100, 50));
    // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
    assertThat(decode(colour, 3, 3, 1)).containsOnly(124);
    BufferedImage grey = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(1, 1, 0, 77);
    assertThat(decode(PictureFiles.encode(grey, "png"), 2, 2, 3))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 77, 77, 77);
  }

  @Test
  void shrinksToTheMeanOfTheArea() throws Exception {
    BufferedImage picture = new BufferedImage(4, 2, BufferedImage.TYPE_BYTE_GRAY);
    int[] values = {0, 100, 200, 40, 20, 40, 0, 80};
    for (int i = 0; i < values.length; i++) {
      picture.getRaster().setSample(i % 4, i / 4, 0, values[i]);
    }
    assertThat(decode(PictureFiles.encode(picture, "png"), 1, 2, 1)).containsExactly(40, 80);
  }

  @Test
  void growsBilinearly() throws Exception {
    BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setSample(1, 0, 0, 100);
    assertThat(decode(PictureFiles.encode(picture, "png"), 1, 4, 1))
        .containsExactly(0, 25, 75, 100);
  }

  @Test
  void shrinksOneSideAndGrowsTheOther() throws Exception {
    BufferedImage picture = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setSample(1, 0, 0, 80);
    picture.getRaster().setSample(1, 1, 0, 120);
    assertThat(decode(PictureFiles.encode(picture, "png"), 1, 4, 1))
        .containsExactly(0, 25, 75, 100);
  }

  @Test
  void convertsPixelsThatNeedNoDecoding() {
    byte[] pixels = {0, 100, 20, 40};
    byte[] target = new byte[5];
    try (ImageDecoder decoder = new ImageDecoder(ImageSettings.of(new Shape.Image(1, 1, 3)))) {
      decoder.convert(pixels, new Shape.Image(2, 2, 1), target, 1);
    }
    assertThat(target).containsExactly(0, 40, 40, 40, 0);
    byte[] grey = new byte[1];
    try (ImageDecoder decoder = new ImageDecoder(ImageSettings.of(new Shape.Image(1, 1, 1)))) {
      decoder.convert(new byte[] {100, 50, 20}, new Shape.Image(1, 1, 3), grey, 0);
    }
    assertThat(grey).containsExactly(62);
  }

  @Test
  void refusesATruncatedFile() {
    byte[] whole = PictureFiles.resource("photo.jpg");
    assertFailure(
        Arrays.copyOf(whole, whole.length / 2),
        "the JPEG picture is damaged or of an unsupported kind");
    assertFailure(Arrays.copyOf(whole, 100), "the header is cut short");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "photo.jpg",
        "progressive.jpg",
        "basn6a08.png",
        "basi2c08.png",
        "apng-frames.png",
        "pal1bg.bmp",
        "interlaced.gif",
        "video-001.lossy.webp",
        "gopher-doc.4bpp.lossless.webp",
        "no_rps.tiff"
      })
  void givesTheSamePixelsOrAReasonWhereverAFileIsCut(String name) throws Exception {
    byte[] whole = PictureFiles.resource(name);
    Shape.Image shape = new Shape.Image(8, 8, 3);
    byte[] expected = decode(whole, 8, 8, 3);
    int refused = 0;
    try (ImageDecoder decoder = new ImageDecoder(ImageSettings.of(shape))) {
      for (int length = 0; length < whole.length; length += 1 + whole.length / 150) {
        byte[] target = new byte[192];
        try {
          decoder.decode(Arrays.copyOf(whole, length), length, target, 0);
          // What is missing then is no part of the picture.
          assertThat(target).as("%d bytes of %s", length, name).isEqualTo(expected);
        } catch (DecodeFailure e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  @Test
  void keepsTheFirstBytesOfWhatItRefuses() {
    byte[] cut = Arrays.copyOf(PictureFiles.resource("photo.jpg"), 3000);
    assertThatThrownBy(() -> decode(cut, 8, 8, 3))
        .isInstanceOfSatisfying(
            DecodeFailure.class,
            e ->
                assertThat(e.firstBytes())
                    .isEqualTo("ff d8 ff e0 00 10 4a 46 49 46 00 01 01 00 00 01"));
    assertThatThrownBy(() -> decode(new byte[] {1, 2}, 8, 8, 3))
        .isInstanceOfSatisfying(
            DecodeFailure.class, e -> assertThat(e.firstBytes()).isEqualTo("01 02"));
  }

  @Test
  void refusesTextNamedLikeAPicture() {
    assertFailure(
        "label,file\n".getBytes(StandardCharsets.UTF_8),
        "not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it starts with 6c 61 62 65 6c 2c 66 69");
  }

  @Test
  void refusesMorePixelsThanTheJobAllows() {
    byte[] file = PictureFiles.resource("photo.jpg");
    try (ImageDecoder decoder =
        new ImageDecoder(ImageSettings.of(new Shape.Image(8, 8, 3)).withMaxPixels(43_199))) {
      assertThatThrownBy(() -> decoder.decode(file, file.length, new byte[192], 0))
          .hasMessage(
              "too large: 180 x 240 pixels by its header, more than image.maxPixels = 43199");
    }
  }

  @Test
  void goesOnAfterABadFileAndWithLargerAndSmallerOnes() throws Exception {
    byte[] photo = PictureFiles.resource("photo.jpg");
    byte[] small = PictureFiles.plain(2, 2, Color.RED);
    byte[] cut = Arrays.copyOf(photo, photo.length / 2);
    byte[] expected = decode(photo, 8, 8, 3);
    try (ImageDecoder decoder = new ImageDecoder(ImageSettings.of(new Shape.Image(8, 8, 3)))) {
      for (int i = 0; i < 3; i++) {
        byte[] target = new byte[192];
        assertThatThrownBy(() -> decoder.decode(cut, cut.length, target, 0))
            .isInstanceOf(DecodeFailure.class);
        assertThat(target).containsOnly(0);
        decoder.decode(small, small.length, target, 0);
        assertThat(Decoding.means(target)).containsExactly(255, 0, 0);
        decoder.decode(photo, photo.length, target, 0);
        assertThat(target).isEqualTo(expected);
      }
    }
  }

  @Test
  void leavesNoNativeMemoryBehind() throws Exception {
    byte[] photo = PictureFiles.resource("photo.jpg");
    decode(photo, 8, 8, 3);
    long before = Pointer.totalCount();
    try (ImageDecoder decoder = new ImageDecoder(ImageSettings.of(new Shape.Image(8, 8, 3)))) {
      byte[] target = new byte[192];
      decoder.decode(photo, photo.length, target, 0);
      long open = Pointer.totalCount();
      for (int i = 0; i < 200; i++) {
        decoder.decode(photo, photo.length, target, 0);
      }
      assertThat(Pointer.totalCount()).isEqualTo(open);
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  private static void assertFailure(byte[] file, String reason) {
    assertThatThrownBy(() -> decode(file, 8, 8, 3))
        .isInstanceOfSatisfying(
            DecodeFailure.class, e -> assertThat(e.sizeBytes()).isEqualTo(file.length))
        .hasMessage(reason);
  }

  private static byte[] decode(byte[] file, int height, int width, int channels)
      throws DecodeFailure {
    return Decoding.decode(file, height, width, channels);
  }

  private static byte[] rgb(BufferedImage picture) {
    byte[] pixels = new byte[picture.getWidth() * picture.getHeight() * 3];
    for (int i = 0; i < pixels.length / 3; i++) {
      int color = picture.getRGB(i % picture.getWidth(), i / picture.getWidth());
      pixels[3 * i] = (byte) (color >> 16);
      pixels[3 * i + 1] = (byte) (color >> 8);
      pixels[3 * i + 2] = (byte) color;
    }
    return pixels;
  }
}
