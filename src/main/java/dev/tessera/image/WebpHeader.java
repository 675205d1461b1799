package dev.tessera.image;

/** The three kinds of WebP file: lossy, lossless, extended (RFC 9649). */
final class WebpHeader {
  private static final int FIRST_CHUNK = 12;

  private final HeaderBytes bytes;

  private WebpHeader(HeaderBytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the size of the canvas.
   *
   * @param bytes little-endian
   */
  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    return new WebpHeader(bytes).read();
  }

  private ImageHeader read() throws DecodeFailure {
    if (bytes.startsWith(FIRST_CHUNK, "VP8X")) {
      return size(bytes.number(24, 3) + 1, bytes.number(27, 3) + 1).turned(orientation());
    }
    if (bytes.startsWith(FIRST_CHUNK, "VP8L")) {
      long bits = bytes.intAt(21);
      return size((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
    }
    if (bytes.startsWith(FIRST_CHUNK, "VP8 ")) {
      return size(bytes.shortAt(26) & 0x3fff, bytes.shortAt(28) & 0x3fff);
    }
    throw bytes.failure("the WebP header is damaged: its first chunk is of no known kind");
  }

  private Orientation orientation() throws DecodeFailure {
    long at = FIRST_CHUNK;
    while (at + 8 <= bytes.length()) {
      if (bytes.startsWith((int) at, "EXIF")) {
        return Orientation.ofExif(bytes, at + 8);
      }
      long length = bytes.intAt(at + 4);
      at += 8 + length + (length & 1);
    }
    return Orientation.UPRIGHT;
  }

  private ImageHeader size(long width, long height) throws DecodeFailure {
    return ImageHeader.of(ImageFormat.WEBP, width, height, bytes);
  }
}
