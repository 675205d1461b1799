package dev.tessera.image;

/**
 * What a picture file says of itself, read by us before any codec takes memory for it.
 *
 * @param width columns as stored, before any turn by EXIF, at least 1
 * @param height rows as stored, at least 1
 * @param pixels what a decoder has to hold at once: width x height, or more where the file's tiles
 *     or frames are larger than the picture
 * @param colours samples of a JPEG file's pixel, 0 for other formats
 */
record ImageHeader(
    ImageFormat format,
    long width,
    long height,
    long pixels,
    Orientation orientation,
    int colours,
    Alpha alpha) {

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
      case PNG -> new PngChunks(file, length).header();
      case GIF -> GifHeader.read(little);
      case WEBP -> WebpHeader.read(little);
      case TIFF -> TiffHeader.read(big);
      case BMP -> new BmpHeader(little).read();
    };
  }

  static ImageHeader of(ImageFormat format, long width, long height, HeaderBytes bytes)
      throws DecodeFailure {
    // Sides beyond 2^31 are damage, and their product would overflow.
    if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw bytes.failure(
          "the " + format + " header is damaged: its size is " + width + " x " + height);
    }
    return new ImageHeader(
        format, width, height, width * height, Orientation.UPRIGHT, 0, Alpha.BESIDE);
  }

  ImageHeader turned(Orientation other) {
    return new ImageHeader(format, width, height, pixels, other, colours, alpha);
  }

  ImageHeader holding(long count) {
    return new ImageHeader(format, width, height, count, orientation, colours, alpha);
  }

  ImageHeader ofColours(int count) {
    return new ImageHeader(format, width, height, pixels, orientation, count, alpha);
  }

  ImageHeader with(Alpha other) {
    return new ImageHeader(format, width, height, pixels, orientation, colours, other);
  }

  /**
   * @throws DecodeFailure if decoding would hold more than {@code maxPixels} pixels
   */
  void requireAtMost(long maxPixels, HeaderBytes bytes) throws DecodeFailure {
    if (pixels > maxPixels) {
      String held = pixels > width * height ? ", " + pixels + " with what it is stored in" : "";
      throw bytes.failure(
          "too large: "
              + width
              + " x "
              + height
              + " pixels by its header"
              + held
              + ", more than image.maxPixels = "
              + maxPixels);
    }
  }
}
