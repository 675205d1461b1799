package dev.tessera.image;

/** Windows and OS/2 bitmaps, little-endian. */
final class BmpHeader {
  /** The first kind of header that has a mask for alpha. */
  private static final int WITH_ALPHA_MASK = 56;

  private static final int BITFIELDS = 3;
  private static final int SIX_BITS_OF_GREEN = 0x07e0;

  private final HeaderBytes bytes;
  private final boolean os2;

  BmpHeader(HeaderBytes bytes) throws DecodeFailure {
    this.bytes = bytes;
    this.os2 = bytes.intAt(14) == 12;
  }

  ImageHeader read() throws DecodeFailure {
    if (os2) {
      return ImageHeader.of(ImageFormat.BMP, bytes.shortAt(18), bytes.shortAt(20), bytes)
          .with(Alpha.NONE);
    }
    int width = (int) bytes.intAt(18);
    long height = (int) bytes.intAt(22);
    // A negative height is a picture stored from the top.
    return ImageHeader.of(ImageFormat.BMP, width, Math.abs(height), bytes)
        .with(hasAlpha() ? Alpha.BESIDE : Alpha.NONE);
  }

  private boolean hasAlpha() throws DecodeFailure {
    return bytes.intAt(14) >= WITH_ALPHA_MASK
        && bytes.intAt(30) == BITFIELDS
        && bytes.intAt(66) != 0;
  }

  /** A pixel is 16 bits: 5 of every colour, or 6 of green. */
  boolean hasSixteenBits() throws DecodeFailure {
    return !os2 && bytes.shortAt(28) == 16;
  }

  /** Whether green has 6 of a pixel's 16 bits. */
  boolean hasSixBitsOfGreen() throws DecodeFailure {
    return bytes.intAt(30) == BITFIELDS && bytes.intAt(58) == SIX_BITS_OF_GREEN;
  }
}
