package dev.tessera.image;

/** The first directory of a TIFF 6.0 or BigTIFF file. */
final class TiffHeader {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;

  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int LONG8 = 16;

  private final HeaderBytes bytes;
  private final boolean big;

  private TiffHeader(HeaderBytes bytes, boolean big) {
    this.bytes = bytes;
    this.big = big;
  }

  /**
   * Reads the size of the first picture.
   *
   * @param bytes in the file's byte order
   */
  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    return new TiffHeader(bytes, bytes.shortAt(2) == 43).read();
  }

  private ImageHeader read() throws DecodeFailure {
    long directory = big ? bytes.number(8, 8) : bytes.intAt(4);
    long entries = big ? bytes.number(directory, 8) : bytes.shortAt(directory);
    if (entries < 0 || entries > bytes.length()) {
      throw bytes.failure("the TIFF header is damaged: it has " + entries + " entries");
    }
    long first = directory + (big ? 8 : 2);
    ImageHeader size =
        ImageHeader.of(
            ImageFormat.TIFF, value(WIDTH, first, entries), value(HEIGHT, first, entries), bytes);
    long tileWidth = Math.max(1, value(TILE_WIDTH, first, entries));
    long tileHeight = Math.max(1, value(TILE_HEIGHT, first, entries));
    // A small picture may have huge tiles, and the codec takes memory for a whole one.
    ImageHeader tile = ImageHeader.of(ImageFormat.TIFF, tileWidth, tileHeight, bytes);
    return new ImageHeader(
        ImageFormat.TIFF, size.width(), size.height(), Math.max(size.pixels(), tile.pixels()));
  }

  /** Largest value of a tag, 0 where it is missing: of two, the codec may take either. */
  private long value(int tag, long first, long entries) throws DecodeFailure {
    int entryBytes = big ? 20 : 12;
    long value = 0;
    for (long entry = first; entry < first + entries * entryBytes; entry += entryBytes) {
      if (bytes.shortAt(entry) == tag) {
        value = Math.max(value, number(bytes.shortAt(entry + 2), entry + (big ? 12 : 8)));
      }
    }
    return value;
  }

  private long number(int type, long at) throws DecodeFailure {
    return switch (type) {
      case BYTE -> bytes.byteAt(at);
      case SHORT -> bytes.shortAt(at);
      case LONG -> bytes.intAt(at);
      case LONG8 -> bytes.number(at, 8);
      default -> throw bytes.failure("the TIFF header is damaged: a size of type " + type);
    };
  }
}
