package dev.tessera.image;

/** The kinds of picture file that are read, as people write their names. */
enum ImageFormat {
  JPEG("JPEG"),
  PNG("PNG"),
  GIF("GIF"),
  WEBP("WebP"),
  TIFF("TIFF"),
  BMP("BMP");

  private final String text;

  ImageFormat(String text) {
    this.text = text;
  }

  /** Tells the format by the first bytes. @throws DecodeFailure if it is none of ours */
  static ImageFormat of(HeaderBytes file) throws DecodeFailure {
    if (file.length() == 0) {
      throw file.failure("the file is empty");
    }
    if (starts(file, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (starts(file, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (starts(file, "GIF87a") || starts(file, "GIF89a")) {
      return GIF;
    }
    if (starts(file, "RIFF") && file.startsWith(8, "WEBP")) {
      return WEBP;
    }
    if (starts(file, "II*\0") || starts(file, "MM\0*")) {
      return TIFF;
    }
    if (starts(file, "II+\0") || starts(file, "MM\0+")) {
      return TIFF;
    }
    if (starts(file, "BM")) {
      return BMP;
    }
    throw file.failure(
        "not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it starts with " + file.start(8));
  }

  @Override
  public String toString() {
    return text;
  }

  private static boolean starts(HeaderBytes file, String ascii) {
    return file.startsWith(0, ascii);
  }
}
