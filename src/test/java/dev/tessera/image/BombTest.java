package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small files that ask for much memory or time. Each is refused, or decoded without. */
class BombTest {
  /** What the codec's own buffers may come to; most bombs ask for ten times of it. */
  private static final long ROOM = 300L << 20;

  private long before;

  @BeforeEach
  void loadTheCodec() throws Exception {
    Decoding.decode(PictureFiles.resource("basn6a08.png"), 8, 8, 3);
    before = Pointer.physicalBytes();
  }

  @AfterEach
  void hasTakenNoMemory() {
    assertThat(Pointer.physicalBytes() - before).isLessThan(ROOM);
  }

  private static void assertRefused(byte[] file, String reason) {
    assertThatThrownBy(() -> Decoding.decode(file, 8, 8, 3))
        .isInstanceOf(DecodeFailure.class)
        .hasMessage(reason);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void refusesAPngOfMorePixelsThanAllowed() {
    assertRefused(
        new PngFile().header(50_000, 50_000, 8, 2).rows(0).end(),
        "too large: 50000 x 50000 pixels by its header, more than image.maxPixels = 100000000");
  }

  @Test
  void passesOverCommentsAndProfilesThatUnfoldToGigabytes() throws Exception {
    byte[] zeros = PngFile.deflatedZeros(100);
    byte[] text = new byte[zeros.length + 3];
    text[0] = 'a';
    System.arraycopy(zeros, 0, text, 3, zeros.length);
    PngFile file = new PngFile().header(1, 1, 8, PngFile.GREY);
    for (int i = 0; i < 12; i++) {
      file.chunk("zTXt", text).chunk("iCCP", text);
    }
    assertThat(Decoding.decode(file.rows(0, 99).end(), 1, 1, 1)).containsExactly(99);
  }

  @Test
  void refusesAPngChunkThatIsLongerThanTheFile() {
    byte[] file = new PngFile().header(8, 8, 8, PngFile.GREY).rows(0).end();
    int length = 8 + 12 + 13;
    ByteBuffer.wrap(file).putInt(length, 0x7ffffff0);
    assertRefused(file, "the PNG file is cut short");
  }

  @Test
  void decodesAPngWhoseDataUnfoldBeyondThePicture() throws Exception {
    byte[] data = PngFile.deflatedZeros(100);
    byte[] file = new PngFile().header(1, 1, 8, PngFile.GREY).chunk("IDAT", data).end();
    assertThat(Decoding.decode(file, 1, 1, 1)).containsExactly(0);
  }

  @Test
  void countsAnAnimationForItsDefaultPictureAlone() throws Exception {
    ByteBuffer frames = ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).putInt(0);
    byte[] file =
        new PngFile().header(1, 1, 8, PngFile.GREY).chunk("acTL", frames.array()).rows(0, 42).end();
    assertThat(Decoding.decode(file, 1, 1, 1)).containsExactly(42);
  }

  @Test
  void refusesAGifWithALargeCanvasOrALargeFrame() {
    assertRefused(
        bytes("474946383961 ffff ffff 000000 2c 0000 0000 0100 0100 00 02 00 3b"),
        "too large: 65535 x 65535 pixels by its header, more than image.maxPixels = 100000000");
    assertRefused(
        bytes("474946383961 0100 0100 000000 21f9 0400000000 00 2c 0000 0000 ffff ffff 00 02 00"),
        "too large: 1 x 1 pixels by its header, 4294836225 with what it is stored in, more than"
            + " image.maxPixels = 100000000");
  }

  @Test
  void refusesAnAnimatedWebpWithALargeCanvas() {
    assertRefused(
        bytes("52494646 1e000000 57454250 56503858 0a000000 02000000 ffffff ffff00 414e494d 00"),
        "too large: 16777216 x 65536 pixels by its header, more than image.maxPixels = 100000000");
  }

  @Test
  void refusesATiffWithLargeTilesOrManySamples() {
    assertRefused(
        tiff(new int[][] {{256, 16}, {257, 16}, {322, 65_536}, {323, 65_536}}),
        "too large: 16 x 16 pixels by its header, 4294967296 with what it is stored in, more than"
            + " image.maxPixels = 100000000");
    assertRefused(
        tiff(new int[][] {{256, 9000}, {257, 9000}, {258, 64}, {277, 65_535}}),
        "the TIFF picture is of an unsupported kind: 65535 samples of 64 bits a pixel");
  }

  /** Minutes, if they were read: every entry lists all bytes of the file. */
  @Test
  void refusesATiffOfEndlessEntries() {
    int entries = 60_000;
    ByteBuffer file = ByteBuffer.allocate(800_000).order(ByteOrder.LITTLE_ENDIAN);
    file.put(bytes("49492a00 08000000")).putShort((short) entries);
    for (int i = 0; i < entries; i++) {
      file.putShort((short) 256).putShort((short) 1).putInt(file.capacity() - 8).putInt(8);
    }
    assertRefused(
        file.array(),
        "the TIFF picture is of an unsupported kind: tag 256 has 799992 values, not 1 to 128");
  }

  @Test
  void refusesATiffThatLiesAboutItsStrips() {
    int[][] entries = {
      {256, 8000},
      {257, 8000},
      {258, 8},
      {259, 1},
      {262, 1},
      {273, 8},
      {277, 1},
      {278, -1},
      {279, -1}
    };
    assertRefused(tiff(entries), "the TIFF picture is damaged or of an unsupported kind");
  }

  /** Entries of one LONG each. */
  private static byte[] tiff(int[][] entries) {
    ByteBuffer file = ByteBuffer.allocate(14 + 12 * entries.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(bytes("49492a00 08000000")).putShort((short) entries.length);
    for (int[] entry : entries) {
      file.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
    }
    return file.array();
  }

  @Test
  void refusesABmpThatIsWiderThanItsBytes() {
    assertRefused(
        bytes("424d 000000000000000000000000 28000000 ffffff7f 02000000 0100 1800 00000000"),
        "too large: 2147483647 x 2 pixels by its header, more than image.maxPixels = 100000000");
    byte[] lie =
        Arrays.copyOf(bytes("424d 0000000000000000 36000000 28000000 28230000 28230000"), 70);
    lie[26] = 1;
    lie[28] = 24;
    assertRefused(lie, "the BMP picture is damaged or of an unsupported kind");
  }

  @Test
  void refusesAProgressiveJpegOfEndlessScans() {
    assertRefused(withScans(""), "the JPEG picture has more than 100 scans");
  }

  @Test
  void anEndWithinASegmentIsNoEndOfScans() {
    assertRefused(withScans("fffe 0004 ffd9"), "the JPEG picture has more than 100 scans");
  }

  @Test
  void whatComesAfterAJpegIsNoScan() throws Exception {
    byte[] photo = PictureFiles.resource("progressive.jpg");
    assertThat(Decoding.decode(withScans("ffd9 0000"), 8, 8, 3))
        .isEqualTo(Decoding.decode(photo, 8, 8, 3));
  }

  /** A progressive photo whose end gives way to some bytes and a hundred scans more. */
  private static byte[] withScans(String between) {
    byte[] photo = PictureFiles.resource("progressive.jpg");
    ByteBuffer file = ByteBuffer.allocate(photo.length + 2000);
    file.put(photo, 0, photo.length - 2).put(bytes(between));
    for (int i = 0; i < 100; i++) {
      file.put(bytes("ffda 0008 01 0100 000010"));
    }
    file.put(bytes("ffd9"));
    return Arrays.copyOf(file.array(), file.position());
  }
}
