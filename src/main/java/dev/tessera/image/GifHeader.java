package dev.tessera.image;

/** Canvas and first frame of a GIF file (GIF89a, sections 17 to 23). */
final class GifHeader {
  private static final int EXTENSION = 0x21;
  private static final int FRAME = 0x2c;

  private final HeaderBytes bytes;

  private GifHeader(HeaderBytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the size of the canvas.
   *
   * @param bytes little-endian
   */
  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    return new GifHeader(bytes).read();
  }

  private ImageHeader read() throws DecodeFailure {
    ImageHeader canvas = ImageHeader.of(ImageFormat.GIF, bytes.shortAt(6), bytes.shortAt(8), bytes);
    long at = 13L + tableBytes(bytes.byteAt(10));
    while (bytes.byteAt(at) == EXTENSION) {
      at = afterBlocks(at + 2);
    }
    if (bytes.byteAt(at) != FRAME) {
      throw bytes.failure("the GIF file is damaged: it has no picture");
    }
    // A frame may be larger than the canvas, and is decoded whole.
    ImageHeader frame =
        ImageHeader.of(ImageFormat.GIF, bytes.shortAt(at + 5), bytes.shortAt(at + 7), bytes);
    return canvas.holding(Math.max(canvas.pixels(), frame.pixels()));
  }

  private static int tableBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private long afterBlocks(long from) throws DecodeFailure {
    long at = from;
    while (bytes.byteAt(at) != 0) {
      at += 1 + bytes.byteAt(at);
    }
    return at + 1;
  }
}
