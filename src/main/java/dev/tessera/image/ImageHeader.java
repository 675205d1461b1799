package dev.tessera.image;

/**
 * What a picture file says of itself, read by us before any codec takes memory for it.
 *
 * @param width columns as stored, before any turn by EXIF, at least 1
 * @param height rows as stored, at least 1
 * @param pixels what a decoder has to hold at once: width x height, or more where the file's tiles
 *     are larger than the picture
 */
record ImageHeader(ImageFormat format, long width, long height, long pixels) {

  /**
   * Reads the header of the file in the first {@code length} bytes.
   *
   * @throws DecodeFailure if it is no picture of a known format, or its header is cut or senseless
   */
  static ImageHeader read(byte[] file, int length) throws DecodeFailure {
    HeaderBytes big = new HeaderBytes(file, length, true);
    HeaderBytes little = big.withOrder(false);
    return switch (ImageFormat.of(big)) {
      case JPEG -> JpegHeader.read(big);
      case PNG -> png(big);
      case GIF -> gif(little);
      case WEBP -> WebpHeader.read(little);
      case TIFF -> TiffHeader.read(big.startsWith(0, "II") ? little : big);
      case BMP -> bmp(little);
    };
  }

  static ImageHeader of(ImageFormat format, long width, long height, HeaderBytes bytes)
      throws DecodeFailure {
    // Sides beyond 2^31 are damage, and their product would overflow.
    if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw bytes.failure(
          "the " + format + " header is damaged: its size is " + width + " x " + height);
    }
    return new ImageHeader(format, width, height, width * height);
  }

  /**
   * @throws DecodeFailure if decoding would hold more than {@code maxPixels} pixels
   */
  void requireAtMost(long maxPixels, int fileBytes) throws DecodeFailure {
    if (pixels > maxPixels) {
      throw new DecodeFailure(
          "too large: "
              + width
              + " x "
              + height
              + " pixels by its header, more than image.maxPixels = "
              + maxPixels,
          fileBytes);
    }
  }

  private static ImageHeader png(HeaderBytes bytes) throws DecodeFailure {
    if (!bytes.startsWith(12, "IHDR")) {
      throw bytes.failure("the PNG header is damaged: it has no IHDR chunk");
    }
    return of(ImageFormat.PNG, bytes.intAt(16), bytes.intAt(20), bytes);
  }

  private static ImageHeader gif(HeaderBytes bytes) throws DecodeFailure {
    return of(ImageFormat.GIF, bytes.shortAt(6), bytes.shortAt(8), bytes);
  }

  private static ImageHeader bmp(HeaderBytes bytes) throws DecodeFailure {
    boolean os2 = bytes.intAt(14) == 12;
    if (os2) {
      return of(ImageFormat.BMP, bytes.shortAt(18), bytes.shortAt(20), bytes);
    }
    int width = (int) bytes.intAt(18);
    long height = (int) bytes.intAt(22);
    // A negative height is a picture stored from the top.
    return of(ImageFormat.BMP, width, Math.abs(height), bytes);
  }
}
