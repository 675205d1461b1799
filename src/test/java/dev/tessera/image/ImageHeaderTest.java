package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageHeaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp", "tiff"})
  void readsTheSizeOfWhatTheJdkWrites(String format) throws Exception {
    byte[] file =
        PictureFiles.encode(PictureFiles.pattern(37, 21, BufferedImage.TYPE_3BYTE_BGR), format);
    ImageHeader header = ImageHeader.read(file, file.length);
    assertThat(header.width()).isEqualTo(37);
    assertThat(header.height()).isEqualTo(21);
    assertThat(header.pixels()).isEqualTo(37 * 21);
  }

  @ParameterizedTest
  @CsvSource({"photo.jpg, 180, 240, 3", "progressive.jpg, 192, 256, 3", "cmyk.jpg, 150, 200, 4"})
  void readsTheSizeOfRealPhotos(String name, int width, int height, int colours) throws Exception {
    byte[] file = PictureFiles.resource(name);
    assertThat(ImageHeader.read(file, file.length))
        .isEqualTo(
            new ImageHeader(
                ImageFormat.JPEG,
                width,
                height,
                (long) width * height,
                Orientation.UPRIGHT,
                colours,
                Alpha.NONE));
  }

  @Test
  void readsTheThreeKindsOfWebp() throws Exception {
    // 550 x 368 in each; the chunk's payload is left out
    assertSize("52494646 00000000 57454250 56503820 00000000 300100 9d012a 2602 7001", 550, 368);
    assertSize("52494646 00000000 57454250 5650384c 00000000 2f 25c25b00", 550, 368);
    assertSize("52494646 00000000 57454250 56503858 00000000 10000000 250200 6f0100", 550, 368);
  }

  @Test
  void readsTiffInBothByteOrdersAndBigTiff() throws Exception {
    assertSize(
        "49492a00 08000000 0200 000103000100000026020000 010103000100000070010000", 550, 368);
    assertSize(
        "4d4d002a 00000008 0002 010000030000000102260000 010100040000000100000170", 550, 368);
    assertSize(
        "49492b00 08000000 1000000000000000 0200000000000000"
            + " 0001030001000000000000002602000000000000"
            + " 0101100001000000000000007001000000000000",
        550,
        368);
  }

  @Test
  void readsBmpOfOs2AndStoredFromTheTop() throws Exception {
    assertSize("424d 000000000000000000000000 0c000000 2602 7001", 550, 368);
    assertSize("424d 000000000000000000000000 28000000 26020000 90feffff", 550, 368);
  }

  @Test
  void passesOverStrayBytesBetweenJpegSegments() throws Exception {
    assertSize("ffd8 ffe00004aaaa 112233 ffff ffc0 0011 08 0170 0226 03", 550, 368);
  }

  @Test
  void countsTilesThatAreLargerThanTheTiffPicture() throws Exception {
    byte[] file =
        bytes(
            "49492a00 08000000 0400 000103000100000010000000 010103000100000010000000"
                + " 420104000100000000000100 430104000100000000000100");
    assertThat(ImageHeader.read(file, file.length).pixels()).isEqualTo(1L << 32);
  }

  @Test
  void refusesMorePixelsThanAllowedByTheHeaderAlone() {
    byte[] file = bytes("89504e470d0a1a0a 0000000d 49484452 0000c350 0000c350 0806000000");
    assertThatThrownBy(
            () ->
                ImageHeader.read(file, file.length)
                    .requireAtMost(100_000_000, new HeaderBytes(file, file.length, true)))
        .hasMessage(
            "too large: 50000 x 50000 pixels by its header, more than image.maxPixels = 100000000");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'the file is empty'",
    "'1f', 'not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it starts with 1f'",
    "'3c3f786d6c2076657273', 'not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it starts with"
        + " 3c 3f 78 6d 6c 20 76 65'",
    "'89504e470d0a1a0a00', 'the PNG header is damaged: it has no IHDR chunk'",
    "'89504e470d0a1a0a0000000d494844520000', 'the header is cut short'",
    "'89504e470d0a1a0a0000000d494844520000000000000001', 'the PNG header is damaged: its size is"
        + " 0 x 1'",
    "'ffd8ffe00004aaaa', 'the header is cut short'",
    "'ffd8ffda0004aaaa', 'the JPEG header is damaged: no frame before the data'",
    "'474946383961', 'the header is cut short'",
    "'524946460000000057454250414e494d', 'the WebP header is damaged: its first chunk is of no"
        + " known kind'",
    "'49492a00ffffff7f', 'the header is cut short'",
    "'49492a00080000000000', 'the TIFF header is damaged: its size is 0 x 0'",
    "'424d', 'the header is cut short'"
  })
  void namesWhatIsWrong(String hex, String reason) {
    byte[] file = bytes(hex);
    assertThatThrownBy(() -> ImageHeader.read(file, file.length))
        .isInstanceOf(DecodeFailure.class)
        .hasMessage(reason);
  }

  @Test
  void survivesEveryCutAndEveryChangedByteOfAHeader() {
    for (String format : new String[] {"jpg", "png", "gif", "bmp", "tiff"}) {
      byte[] file =
          PictureFiles.encode(PictureFiles.pattern(9, 7, BufferedImage.TYPE_3BYTE_BGR), format);
      for (int i = 0; i < file.length; i++) {
        tryReading(file, i);
        byte[] changed = file.clone();
        changed[i] ^= (byte) 0xff;
        tryReading(changed, changed.length);
      }
    }
  }

  @Test
  void doesNotReadBeyondTheLengthItIsGiven() {
    byte[] file = PictureFiles.resource("photo.jpg");
    assertThatThrownBy(() -> ImageHeader.read(file, 40)).hasMessage("the header is cut short");
    byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ImageHeader.read(text, 0)).hasMessage("the file is empty");
  }

  private static void tryReading(byte[] file, int length) {
    try {
      assertThat(ImageHeader.read(file, length).pixels()).isPositive();
    } catch (DecodeFailure e) {
      assertThat(e.reason()).isNotEmpty();
    }
  }

  private static void assertSize(String hex, int width, int height) throws DecodeFailure {
    byte[] file = bytes(hex);
    ImageHeader header = ImageHeader.read(file, file.length);
    assertThat(header.width()).isEqualTo(width);
    assertThat(header.height()).isEqualTo(height);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
