package dev.tessera.tfrecord;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * TensorFlow's framing of a record: length (64 bits, little-endian), checksum of the length, data,
 * checksum of the data. Checksums are CRC32C, turned by 15 bits and moved by a constant.
 */
public final class Frame {
  /** The length and its checksum, before the data. */
  public static final int HEADER_BYTES = 12;

  /** The checksum after the data. */
  public static final int FOOTER_BYTES = 4;

  private static final int MASK_DELTA = 0xa282ead8;

  private Frame() {}

  /** A record as it lies in a file. */
  public static byte[] of(byte[] data) {
    ByteBuffer frame =
        ByteBuffer.allocate(HEADER_BYTES + data.length + FOOTER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(data.length);
    frame.putInt(checksum(frame.array(), Long.BYTES));
    frame.put(data).putInt(checksum(data, data.length));
    return frame.array();
  }

  /**
   * Data of the next record of a stream. Null at the end, and where what follows is no whole record
   * with right checksums.
   */
  public static byte @Nullable [] next(InputStream in) throws IOException {
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length < HEADER_BYTES) {
      return null;
    }
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    long length = fields.getLong();
    if (checksum(header, Long.BYTES) != fields.getInt() || length != (int) length || length < 0) {
      return null;
    }
    byte[] data = in.readNBytes((int) length);
    byte[] footer = in.readNBytes(FOOTER_BYTES);
    boolean isWhole =
        data.length == length
            && footer.length == FOOTER_BYTES
            && checksum(data, data.length)
                == ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return isWhole ? data : null;
  }

  /** Of the first {@code count} bytes. */
  public static int checksum(byte[] bytes, int count) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, count);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }
}
