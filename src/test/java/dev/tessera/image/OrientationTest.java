package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns by EXIF, in the formats whose pictures we turn ourselves. */
class OrientationTest {
  private static final int WIDTH = 5;
  private static final int HEIGHT = 3;

  /** In the JPEG file of the tests. */
  private static final int ORIENTATION_AT = 0x30;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turnsJpegUpright(int orientation) throws Exception {
    byte[] file = PictureFiles.resource("photo.jpg");
    byte[] stored = Decoding.decode(file, 240, 180, 3);
    file[ORIENTATION_AT] = (byte) orientation;
    assertUpright(file, orientation, stored, 180, 240);
  }

  @Test
  void turnsGreyPicturesToo() throws Exception {
    byte[] file = PictureFiles.resource("photo.jpg");
    byte[] stored = Decoding.decode(file, 240, 180, 1);
    file[ORIENTATION_AT] = 3;
    byte[] upright = Decoding.decode(file, 240, 180, 1);
    for (int i = 0; i < stored.length; i++) {
      assertThat(upright[i]).isEqualTo(stored[stored.length - 1 - i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turnsPngUprightByItsExifChunk(int orientation) throws Exception {
    byte[] stored = Decoding.decode(png().end(), HEIGHT, WIDTH, 3);
    String chunk = "4d4d002a 00000008 0001 0112 0003 00000001 000" + orientation + "0000 00000000";
    byte[] file = png().chunk("eXIf", bytes(chunk)).end();
    assertUpright(file, orientation, stored, WIDTH, HEIGHT);
  }

  private static PngFile png() {
    return new PngFile()
        .header(WIDTH, HEIGHT, 8, PngFile.GREY)
        .rows(0, 1, 2, 3, 4, 5, 0, 6, 7, 8, 9, 10, 0, 11, 12, 13, 14, 15);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turnsWebpUprightByItsExifChunk(int orientation) throws Exception {
    byte[] plain =
        PictureFiles.webp(PictureFiles.pattern(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR));
    byte[] stored = Decoding.decode(plain, HEIGHT, WIDTH, 3);
    String exif = "49492a00 08000000 0100 1201 0300 01000000 0" + orientation + "000000 00000000";
    assertUpright(extended(plain, bytes(exif)), orientation, stored, WIDTH, HEIGHT);
    // As many programs write it, with JPEG's mark in front.
    byte[] marked = extended(plain, bytes("457869660000" + exif));
    assertUpright(marked, orientation, stored, WIDTH, HEIGHT);
  }

  /** The extended kind of a WebP file (RFC 9649): a canvas, the picture's own chunk, EXIF. */
  private static byte[] extended(byte[] plain, byte[] exif) {
    int riff = 12;
    ByteBuffer file =
        ByteBuffer.allocate(plain.length + 26 + exif.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(plain, 0, riff).put(bytes("56503858 0a000000 08000000"));
    file.put(bytes("0" + (WIDTH - 1) + "0000 0" + (HEIGHT - 1) + "0000"));
    file.put(plain, riff, plain.length - riff);
    file.put(bytes("45584946")).putInt(exif.length).put(exif);
    return file.putInt(4, file.capacity() - 8).array();
  }

  /** Colours of the picture as it is {@code stored}, which is {@code width} x {@code height}. */
  private static void assertUpright(
      byte[] file, int orientation, byte[] stored, int width, int height) throws DecodeFailure {
    boolean across = orientation >= 5;
    int columns = across ? height : width;
    int rows = across ? width : height;
    byte[] expected = new byte[stored.length];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        int from = storedPixel(orientation, x, y, width, height);
        System.arraycopy(stored, 3 * from, expected, 3 * (y * columns + x), 3);
      }
    }
    assertThat(Decoding.decode(file, rows, columns, 3)).isEqualTo(expected);
  }

  /** EXIF 2.3, table of tag 274: where the pixel at (x, y) of the upright picture is stored. */
  private static int storedPixel(int orientation, int x, int y, int width, int height) {
    int right = width - 1;
    int bottom = height - 1;
    return switch (orientation) {
      case 1 -> y * width + x;
      case 2 -> y * width + right - x;
      case 3 -> (bottom - y) * width + right - x;
      case 4 -> (bottom - y) * width + x;
      case 5 -> x * width + y;
      case 6 -> (bottom - x) * width + y;
      case 7 -> (bottom - x) * width + right - y;
      case 8 -> x * width + right - y;
      default -> throw new IllegalArgumentException("No orientation " + orientation);
    };
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
