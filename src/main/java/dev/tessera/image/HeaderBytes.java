package dev.tessera.image;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The bytes of a file, read as numbers; a read past the end is a failure of the file. */
final class HeaderBytes {
  private final byte[] bytes;
  private final int length;
  private final boolean bigEndian;

  HeaderBytes(byte[] bytes, int length, boolean bigEndian) {
    this.bytes = bytes;
    this.length = length;
    this.bigEndian = bigEndian;
  }

  HeaderBytes withOrder(boolean big) {
    return new HeaderBytes(bytes, length, big);
  }

  int length() {
    return length;
  }

  boolean startsWith(int at, String ascii) {
    byte[] expected = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (at + expected.length > length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[at + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  int byteAt(long at) throws DecodeFailure {
    return (int) number(at, 1);
  }

  int shortAt(long at) throws DecodeFailure {
    return (int) number(at, 2);
  }

  /** Unsigned. */
  long intAt(long at) throws DecodeFailure {
    return number(at, 4);
  }

  /** Unsigned number of up to 8 bytes; one that does not fit a long comes out negative. */
  long number(long at, int size) throws DecodeFailure {
    if (at < 0 || at > length - size) {
      throw failure("the header is cut short");
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      int place = (int) at + (bigEndian ? i : size - 1 - i);
      value = value << 8 | (bytes[place] & 0xff);
    }
    return value;
  }

  /** Place of the next byte of a value, {@link #length()} where there is none. */
  int find(int value, long from) {
    for (int at = (int) Math.min(from, length); at < length; at++) {
      if ((bytes[at] & 0xff) == value) {
        return at;
      }
    }
    return length;
  }

  /** The first bytes in hexadecimal, for people who wonder what the file is. */
  String start(int count) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(count, length));
  }

  DecodeFailure failure(String reason) {
    return new DecodeFailure(reason, length, start(DecodeFailure.FIRST_BYTES));
  }
}
