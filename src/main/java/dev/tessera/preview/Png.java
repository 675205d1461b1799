package dev.tessera.preview;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Small PNG files from bytes, without the JDK's graphics: these look for a screen and fonts, and
 * take a second to load.
 *
 * <p>Source of the format: W3C, Portable Network Graphics, third edition.
 */
public final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte GREY = 0;
  private static final byte COLOUR = 2;

  private Png() {}

  /**
   * A file of 8 bits a channel.
   *
   * @param pixels unsigned, channels innermost
   * @param channels 1 for grey, 3 for red, green and blue
   */
  public static byte[] of(int height, int width, int channels, byte[] pixels) {
    if ((channels != 1 && channels != 3) || pixels.length != height * width * channels) {
      throw new IllegalArgumentException(
          pixels.length + " bytes are no picture of " + height + " x " + width + " x " + channels);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8);
    header.put(channels == 1 ? GREY : COLOUR);
    chunk(file, "IHDR", header.array());
    chunk(file, "IDAT", deflated(rows(height, width * channels, pixels)));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  /** Every row begins with the filter that it was put through: 0 is none. */
  private static byte[] rows(int height, int stride, byte[] pixels) {
    byte[] rows = new byte[height * (1 + stride)];
    for (int y = 0; y < height; y++) {
      System.arraycopy(pixels, y * stride, rows, y * (1 + stride) + 1, stride);
    }
    return rows;
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream deflated = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 12];
      while (!deflater.finished()) {
        deflated.write(buffer, 0, deflater.deflate(buffer));
      }
      return deflated.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream file, String name, byte[] content) {
    byte[] named =
        ByteBuffer.allocate(4 + content.length)
            .put(name.getBytes(StandardCharsets.US_ASCII))
            .put(content)
            .array();
    CRC32 checksum = new CRC32();
    checksum.update(named);
    file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    file.writeBytes(named);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }
}
