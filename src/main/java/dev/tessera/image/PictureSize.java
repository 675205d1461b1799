package dev.tessera.image;

/**
 * The size of a picture file as its header says it, before any turn by EXIF. Needs no codec.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record PictureSize(int height, int width) {

  /**
   * Reads the header of the file in the first {@code length} bytes.
   *
   * @throws DecodeFailure if it is no picture of a known format, or its header is damaged
   */
  public static PictureSize of(byte[] file, int length) throws DecodeFailure {
    ImageHeader header = ImageHeader.read(file, length);
    return new PictureSize((int) header.height(), (int) header.width());
  }
}
