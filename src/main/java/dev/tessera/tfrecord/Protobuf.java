package dev.tessera.tfrecord;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * One message in Protocol Buffers' wire format, read field by field. Written here because the
 * library comes with Spark in versions that don't agree, and because bytes that nobody wants are
 * skipped in the file.
 */
public final class Protobuf {
  /** Kinds of a field's value. */
  public static final int VARINT = 0;

  public static final int BYTES = 2;

  static final int FIXED_64 = 1;
  static final int FIXED_32 = 5;
  private static final int MAX_VARINT_BYTES = 10;

  private final InputStream in;
  private long remaining;

  /**
   * A message of the next bytes of a stream.
   *
   * @param length in bytes
   */
  public Protobuf(InputStream in, long length) {
    this.in = in;
    this.remaining = length;
  }

  /** The bytes are no message. */
  public static final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** Bytes of the message that were not read. */
  public long remaining() {
    return remaining;
  }

  public boolean hasNext() {
    return remaining > 0;
  }

  /** What {@link #tag()} gives for a field. */
  public static long tag(int field, int kind) {
    return 8L * field + kind;
  }

  /** The next field's number times eight, and its kind. */
  public long tag() throws IOException {
    return varint();
  }

  public long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      int b = read();
      value |= (b & 0x7fL) << (7 * i);
      if (b < 0x80) {
        return value;
      }
    }
    throw new Malformed("a number has more than ten bytes");
  }

  /** A message within this one, to be read or skipped before this one goes on. */
  public Protobuf message() throws IOException {
    long length = length();
    remaining -= length;
    return new Protobuf(in, length);
  }

  public byte[] bytes() throws IOException {
    int length = (int) length();
    byte[] bytes = in.readNBytes(length);
    remaining -= length;
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  public String text() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** Passes over the value of a field. */
  public void skipValue(long tag) throws IOException {
    switch ((int) (tag & 7)) {
      case VARINT -> varint();
      case FIXED_64 -> skip(8);
      case BYTES -> skip(length());
      case FIXED_32 -> skip(4);
      default -> throw new Malformed("a field is of the unknown kind " + (tag & 7));
    }
  }

  public void skip(long count) throws IOException {
    requireWithin(count);
    remaining -= count;
    in.skipNBytes(count);
  }

  /** Length of what follows, at most what is left of the message. */
  public long length() throws IOException {
    long length = varint();
    requireWithin(length);
    return length;
  }

  private int read() throws IOException {
    requireWithin(1);
    int b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    remaining--;
    return b;
  }

  private void requireWithin(long count) throws Malformed {
    if (count < 0 || count > remaining) {
      throw new Malformed("a field goes beyond the end of its message");
    }
  }
}
