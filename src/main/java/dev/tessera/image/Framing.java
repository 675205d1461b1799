package dev.tessera.image;

/**
 * Where a picture lies in the job's shape: the part of it that is seen, the size that this part
 * comes to, and its place within. All sides are of the upright picture.
 *
 * @param left first column of the part
 * @param top first row of the part
 * @param width columns of the part
 * @param height rows of the part
 * @param toWidth columns that the part comes to
 * @param toHeight rows that the part comes to
 * @param atLeft column of the shape that it begins in
 * @param atTop row of the shape that it begins in
 */
record Framing(
    int left, int top, int width, int height, int toWidth, int toHeight, int atLeft, int atTop) {

  /** For an upright picture of {@code width} x {@code height}. */
  static Framing of(ImageSettings image, int width, int height) {
    return switch (image.resize().kind()) {
      case STRETCH -> new Framing(0, 0, width, height, image.width(), image.height(), 0, 0);
      case FIT -> fit(image, width, height);
      case FILL -> fill(image, width, height);
    };
  }

  private static Framing fit(ImageSettings image, int width, int height) {
    boolean full = (long) width * image.height() >= (long) height * image.width();
    int toWidth = full ? image.width() : share(width, image.height(), height);
    int toHeight = full ? share(height, image.width(), width) : image.height();
    return new Framing(
        0,
        0,
        width,
        height,
        toWidth,
        toHeight,
        (image.width() - toWidth) / 2,
        (image.height() - toHeight) / 2);
  }

  private static Framing fill(ImageSettings image, int width, int height) {
    boolean wide = (long) width * image.height() >= (long) height * image.width();
    int seenWidth = wide ? share(height, image.width(), image.height()) : width;
    int seenHeight = wide ? height : share(width, image.height(), image.width());
    return new Framing(
        (width - seenWidth) / 2,
        (height - seenHeight) / 2,
        seenWidth,
        seenHeight,
        image.width(),
        image.height(),
        0,
        0);
  }

  /** {@code side * of / by}, rounded, at least 1. */
  private static int share(long side, long of, long by) {
    return (int) Math.max(1, (2 * side * of + by) / (2 * by));
  }

  boolean isWhole(ImageSettings image) {
    return toWidth == image.width() && toHeight == image.height();
  }

  /**
   * Where the part lies in the picture as it is stored.
   *
   * @param columns of the stored picture
   * @param rows of the stored picture
   */
  Part stored(Orientation orientation, int columns, int rows) {
    boolean across = orientation.transposed();
    int x = begin(left, width, across ? rows : columns, orientation.flippedLeftRight());
    int y = begin(top, height, across ? columns : rows, orientation.flippedTopBottom());
    return across ? new Part(y, x, height, width) : new Part(x, y, width, height);
  }

  private static int begin(int begin, int size, int of, boolean flipped) {
    return flipped ? of - size - begin : begin;
  }

  /** A rectangle of a stored picture. */
  record Part(int x, int y, int width, int height) {}
}
