package dev.tessera.image;

/**
 * At which part of its size a JPEG file is decoded: libjpeg leaves the fine detail out, which
 * shrinking would take the mean of anyway, in a fraction of the time.
 */
final class Reduction {
  private Reduction() {}

  /** 1, 2, 4 or 8. */
  static int of(ImageHeader header, ImageSettings image) {
    if (header.format() != ImageFormat.JPEG) {
      return 1;
    }
    int width = (int) header.width();
    int height = (int) header.height();
    boolean across = header.orientation().transposed();
    Framing framing = Framing.of(image, across ? height : width, across ? width : height);
    int reduction = 1;
    while (reduction < 8
        && leavesEnough(framing.width(), framing.toWidth(), 2 * reduction)
        && leavesEnough(framing.height(), framing.toHeight(), 2 * reduction)) {
      reduction *= 2;
    }
    return reduction;
  }

  /** One and a half times what is wanted: docs/images.md has the differences that were measured. */
  private static boolean leavesEnough(int side, int wanted, int reduction) {
    return 2L * side >= 3L * wanted * reduction;
  }
}
