package dev.tessera.image;

/** Windows and OS/2 bitmaps. */
final class BmpHeader {
  /** The first kind of header that has a mask for alpha. */
  private static final int WITH_ALPHA_MASK = 56;

  private static final int BITFIELDS = 3;

  private BmpHeader() {}

  /**
   * Reads the size.
   *
   * @param bytes little-endian
   */
  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    long kind = bytes.intAt(14);
    if (kind == 12) {
      return ImageHeader.of(ImageFormat.BMP, bytes.shortAt(18), bytes.shortAt(20), bytes);
    }
    int width = (int) bytes.intAt(18);
    long height = (int) bytes.intAt(22);
    boolean alpha = kind >= WITH_ALPHA_MASK && bytes.intAt(30) == BITFIELDS && bytes.intAt(66) != 0;
    // A negative height is a picture stored from the top.
    return ImageHeader.of(ImageFormat.BMP, width, Math.abs(height), bytes).ofColours(alpha ? 4 : 3);
  }
}
