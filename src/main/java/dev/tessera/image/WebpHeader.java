package dev.tessera.image;

/** The three kinds of WebP file: lossy, lossless, extended (RFC 9649). */
final class WebpHeader {
  private WebpHeader() {}

  /**
   * Reads the size of the canvas.
   *
   * @param bytes little-endian
   */
  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    if (bytes.startsWith(12, "VP8X")) {
      return size(bytes, bytes.number(24, 3) + 1, bytes.number(27, 3) + 1);
    }
    if (bytes.startsWith(12, "VP8L")) {
      long bits = bytes.intAt(21);
      return size(bytes, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
    }
    if (bytes.startsWith(12, "VP8 ")) {
      return size(bytes, bytes.shortAt(26) & 0x3fff, bytes.shortAt(28) & 0x3fff);
    }
    throw bytes.failure("the WebP header is damaged: its first chunk is of no known kind");
  }

  private static ImageHeader size(HeaderBytes bytes, long width, long height) throws DecodeFailure {
    return ImageHeader.of(ImageFormat.WEBP, width, height, bytes);
  }
}
