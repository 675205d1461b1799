package dev.tessera.image;

/**
 * How a stored picture is turned to stand upright, as EXIF's tag 274 numbers the ways. Upright, a
 * picture is the stored one mirrored at its diagonal if {@code transposed}, then from left to right
 * and from top to bottom.
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  MIRRORED_UPSIDE_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  TO_THE_RIGHT(true, true, false),
  TRANSVERSE(true, true, true),
  TO_THE_LEFT(true, false, true);

  private static final int TAG = 274;

  private final boolean transposed;
  private final boolean flippedLeftRight;
  private final boolean flippedTopBottom;

  Orientation(boolean transposed, boolean flippedLeftRight, boolean flippedTopBottom) {
    this.transposed = transposed;
    this.flippedLeftRight = flippedLeftRight;
    this.flippedTopBottom = flippedTopBottom;
  }

  /** Rows and columns change places. */
  boolean transposed() {
    return transposed;
  }

  boolean flippedLeftRight() {
    return flippedLeftRight;
  }

  boolean flippedTopBottom() {
    return flippedTopBottom;
  }

  /** By the number in a file; one out of range says nothing. */
  static Orientation of(long number) {
    return number < 1 || number > values().length ? UPRIGHT : values()[(int) number - 1];
  }

  /**
   * By an EXIF block, a TIFF file without pictures. A damaged one says nothing: the picture may
   * still be whole.
   *
   * @param from where its byte order stands, with or without {@code Exif\0\0} before it
   */
  static Orientation ofExif(HeaderBytes bytes, long from) {
    try {
      long start = bytes.startsWith((int) from, "Exif\0\0") ? from + 6 : from;
      return of(TiffDirectory.at(bytes, start).value(TAG));
    } catch (DecodeFailure e) {
      return UPRIGHT;
    }
  }
}
