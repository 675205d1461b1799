package dev.tessera.image;

/** The first directory of a TIFF 6.0 or BigTIFF file, which EXIF blocks are too. */
final class TiffDirectory {
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int LONG8 = 16;

  /**
   * A sample has a value of its own in the tags that are read, and a picture of more samples than
   * this is refused. Else every entry may list the whole file once more.
   */
  private static final int MAX_VALUES = 128;

  private final HeaderBytes bytes;
  private final boolean big;
  private final long start;
  private final long first;
  private final long entries;

  private TiffDirectory(HeaderBytes bytes, long start, boolean big) throws DecodeFailure {
    this.bytes = bytes;
    this.big = big;
    this.start = start;
    long directory = start + (big ? bytes.number(start + 8, 8) : bytes.intAt(start + 4));
    entries = big ? bytes.number(directory, 8) : bytes.shortAt(directory);
    if (entries < 0 || entries > bytes.length()) {
      throw damaged("it has " + entries + " entries");
    }
    first = directory + (big ? 8 : 2);
  }

  /** The directory that a file at {@code start} begins with. */
  static TiffDirectory at(HeaderBytes bytes, long start) throws DecodeFailure {
    HeaderBytes ordered = bytes.withOrder(bytes.byteAt(start) == 'M');
    return new TiffDirectory(ordered, start, ordered.shortAt(start + 2) == 43);
  }

  /** Largest value of a tag, 0 where it is missing: of two, the codec may take either. */
  long value(int tag) throws DecodeFailure {
    return value(tag, 0);
  }

  /** Largest value of a tag among all that its entries list. */
  long value(int tag, long otherwise) throws DecodeFailure {
    int entryBytes = big ? 20 : 12;
    long value = Long.MIN_VALUE;
    for (long entry = first; entry < first + entries * entryBytes; entry += entryBytes) {
      if (bytes.shortAt(entry) == tag) {
        value = Math.max(value, largest(entry));
      }
    }
    return value == Long.MIN_VALUE ? otherwise : value;
  }

  private long largest(long entry) throws DecodeFailure {
    int type = bytes.shortAt(entry + 2);
    int size = size(type);
    long count = big ? bytes.number(entry + 4, 8) : bytes.intAt(entry + 4);
    int room = big ? 8 : 4;
    if (count < 1 || count > MAX_VALUES) {
      throw bytes.failure(
          "the TIFF picture is of an unsupported kind: tag "
              + bytes.shortAt(entry)
              + " has "
              + count
              + " values, not 1 to "
              + MAX_VALUES);
    }
    long at = entry + (big ? 12 : 8);
    if (count * size > room) {
      at = start + bytes.number(at, room);
    }
    long value = 0;
    for (long i = 0; i < count; i++) {
      value = Math.max(value, bytes.number(at + i * size, size));
    }
    return value;
  }

  private int size(int type) throws DecodeFailure {
    return switch (type) {
      case BYTE -> 1;
      case SHORT -> 2;
      case LONG -> 4;
      case LONG8 -> 8;
      default -> throw damaged("a size of type " + type);
    };
  }

  private DecodeFailure damaged(String what) {
    return bytes.failure("the TIFF header is damaged: " + what);
  }
}
