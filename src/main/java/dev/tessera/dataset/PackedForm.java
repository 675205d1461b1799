package dev.tessera.dataset;

import java.io.Serializable;

/**
 * What packed files have of a picture, always at the job's size.
 *
 * @param jpegQuality 1 to 100: JPEG files of that quality; {@link #NOT_JPEG}: pixels as they are
 */
public record PackedForm(int jpegQuality) implements Serializable {
  private static final int NOT_JPEG = 0;

  /** Pixels: what training sees, to the bit. */
  public static final PackedForm PIXELS = new PackedForm(NOT_JPEG);

  public PackedForm {
    if (jpegQuality < NOT_JPEG || jpegQuality > 100) {
      throw new IllegalArgumentException(
          "Invalid JPEG quality " + jpegQuality + ": it is 1 to 100");
    }
  }

  boolean isJpeg() {
    return jpegQuality != NOT_JPEG;
  }

  /** The column that holds it. */
  String column() {
    return isJpeg() ? PackedColumns.IMAGE : PackedColumns.PIXELS;
  }

  @Override
  public String toString() {
    return isJpeg() ? "JPEG of quality " + jpegQuality : "pixels";
  }
}
