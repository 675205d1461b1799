package dev.tessera.image;

/** The kinds of picture file that are read, as people write their names. */
enum ImageFormat {
  JPEG("JPEG"),
  PNG("PNG"),
  BMP("BMP"),
  GIF("GIF"),
  WEBP("WebP"),
  TIFF("TIFF");

  private final String text;

  ImageFormat(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
