package dev.tessera.image;

/** What a TIFF file says of its first picture. */
final class TiffHeader {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COLOUR_KIND = 262;
  private static final int SAMPLES = 277;
  private static final int PLANES = 284;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int EXTRA_SAMPLES = 338;

  private static final int PALETTE = 3;
  private static final int MULTIPLIED = 1;
  private static final int ONE_AFTER_THE_OTHER = 2;

  /** Four samples of 32 bits: what the codec holds for a pixel at most. */
  private static final long MAX_PIXEL_BITS = 128;

  private TiffHeader() {}

  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    TiffDirectory directory = TiffDirectory.at(bytes, 0);
    ImageHeader size =
        ImageHeader.of(ImageFormat.TIFF, directory.value(WIDTH), directory.value(HEIGHT), bytes);
    long tileWidth = Math.max(1, directory.value(TILE_WIDTH));
    long tileHeight = Math.max(1, directory.value(TILE_HEIGHT));
    // A small picture may have huge tiles, and the codec takes memory for a whole one.
    ImageHeader tile = ImageHeader.of(ImageFormat.TIFF, tileWidth, tileHeight, bytes);
    long samples = directory.value(SAMPLES, 1);
    long bits = directory.value(BITS, 1);
    if (samples < 1 || bits < 1 || samples > MAX_PIXEL_BITS || bits * samples > MAX_PIXEL_BITS) {
      throw bytes.failure(
          "the TIFF picture is of an unsupported kind: "
              + samples
              + " samples of "
              + bits
              + " bits a pixel");
    }
    if (bits > 8 && samples > 1 && directory.value(PLANES) == ONE_AFTER_THE_OTHER) {
      // OpenCV would show memory that it has not written.
      throw bytes.failure(
          "the TIFF picture is of an unsupported kind: planes of " + bits + " bits");
    }
    // Not turned: OpenCV does that by itself for this format, whatever it is told.
    return size.holding(Math.max(size.pixels(), tile.pixels()))
        .with(alpha(directory, samples, bits));
  }

  private static Alpha alpha(TiffDirectory directory, long samples, long bits)
      throws DecodeFailure {
    if (directory.value(COLOUR_KIND) == PALETTE || (samples < 4 && bits <= 8)) {
      return Alpha.NONE;
    }
    // libtiff multiplies what is of 8 bits.
    return bits <= 8 || directory.value(EXTRA_SAMPLES) == MULTIPLIED
        ? Alpha.MULTIPLIED
        : Alpha.BESIDE;
  }
}
