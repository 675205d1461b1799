package dev.tessera.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Makes files of TensorFlow's records. */
public final class TfRecords {
  private TfRecords() {}

  /** Records in TensorFlow's framing. */
  public static byte[] framed(byte[]... all) {
    byte[] bytes = new byte[0];
    for (byte[] data : all) {
      byte[] length = little(8).putLong(data.length).array();
      bytes = concat(bytes, length, checksum(length), data, checksum(data));
    }
    return bytes;
  }

  private static byte[] checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long value = crc.getValue();
    long turned = ((value >>> 15) | (value << 17)) & 0xffffffffL;
    return little(4).putInt((int) (turned + 0xa282ead8L)).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** An example of features, name and value in turn. */
  public static byte[] example(Object... features) {
    byte[] map = new byte[0];
    for (int i = 0; i < features.length; i += 2) {
      byte[] name = ((String) features[i]).getBytes(StandardCharsets.UTF_8);
      map = concat(map, field(1, concat(field(1, name), field(2, (byte[]) features[i + 1]))));
    }
    return field(1, map);
  }

  static byte[] bytes(String text) {
    return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A feature of bytes. */
  public static byte[] bytes(byte[] content) {
    return field(1, field(1, content));
  }

  static byte[] floats(float... values) {
    byte[] packed = new byte[4 * values.length];
    ByteBuffer to = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      to.putFloat(value);
    }
    return field(2, field(1, packed));
  }

  /** A feature of one whole number. */
  public static byte[] number(long value) {
    return field(3, concat(new byte[] {8}, varint(value)));
  }

  static byte[] packed(long... values) {
    byte[] all = new byte[0];
    for (long value : values) {
      all = concat(all, varint(value));
    }
    return field(3, field(1, all));
  }

  private static byte[] field(int number, byte[] content) {
    return concat(new byte[] {(byte) (8 * number + 2)}, varint(content.length), content);
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
