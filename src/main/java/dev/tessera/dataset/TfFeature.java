package dev.tessera.dataset;

import dev.tessera.tfrecord.Protobuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One feature of a {@code tf.train.Example}: a list of byte strings, of floats, or of whole
 * numbers.
 */
final class TfFeature {
  private static final int VALUE = 1;

  /** What the values are. */
  enum Kind {
    NONE("nothing"),
    BYTES("byte strings"),
    FLOATS("floats"),
    NUMBERS("whole numbers");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private final Kind kind;
  private final byte @Nullable [] bytes;
  private final long number;
  private final long count;

  private TfFeature(Kind kind, byte @Nullable [] bytes, long number, long count) {
    this.kind = kind;
    this.bytes = bytes;
    this.number = number;
    this.count = count;
  }

  Kind kind() {
    return kind;
  }

  /** The first byte string, if there is one and it was to be read. */
  byte @Nullable [] bytes() {
    return bytes;
  }

  /** The first whole number. */
  long number() {
    return number;
  }

  /** How many values there are. */
  long count() {
    return count;
  }

  /**
   * Reads the message {@code Feature}.
   *
   * @param wanted false: byte strings are skipped
   */
  static TfFeature read(Protobuf feature, boolean wanted) throws IOException {
    TfFeature read = new TfFeature(Kind.NONE, null, 0, 0);
    while (feature.hasNext()) {
      long tag = feature.tag();
      if (tag == Protobuf.tag(1, Protobuf.BYTES)) {
        read = byteStrings(feature.message(), wanted);
      } else if (tag == Protobuf.tag(2, Protobuf.BYTES)) {
        read = floats(feature.message());
      } else if (tag == Protobuf.tag(3, Protobuf.BYTES)) {
        read = numbers(feature.message());
      } else {
        feature.skipValue(tag);
      }
    }
    return read;
  }

  private static TfFeature byteStrings(Protobuf list, boolean wanted) throws IOException {
    byte[] first = null;
    long count = 0;
    while (list.hasNext()) {
      long tag = list.tag();
      if (tag == Protobuf.tag(VALUE, Protobuf.BYTES) && wanted && count == 0) {
        first = list.bytes();
      } else {
        list.skipValue(tag);
      }
      count++;
    }
    return new TfFeature(Kind.BYTES, first, 0, count);
  }

  /** Counted only; packed or one by one. */
  private static TfFeature floats(Protobuf list) throws IOException {
    long count = 0;
    while (list.hasNext()) {
      long tag = list.tag();
      if (tag == Protobuf.tag(VALUE, Protobuf.BYTES)) {
        long length = list.length();
        list.skip(length);
        count += length / Float.BYTES;
      } else {
        list.skipValue(tag);
        count++;
      }
    }
    return new TfFeature(Kind.FLOATS, null, 0, count);
  }

  private static TfFeature numbers(Protobuf list) throws IOException {
    long first = 0;
    long count = 0;
    while (list.hasNext()) {
      long tag = list.tag();
      if (tag == Protobuf.tag(VALUE, Protobuf.BYTES)) {
        Protobuf packed = list.message();
        while (packed.hasNext()) {
          long value = packed.varint();
          first = count++ == 0 ? value : first;
        }
      } else if (tag == Protobuf.tag(VALUE, Protobuf.VARINT)) {
        long value = list.varint();
        first = count++ == 0 ? value : first;
      } else {
        list.skipValue(tag);
      }
    }
    return new TfFeature(Kind.NUMBERS, null, first, count);
  }

  @Override
  public String toString() {
    return count + " " + kind.text;
  }
}
