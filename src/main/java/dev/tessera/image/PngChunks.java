package dev.tessera.image;

import java.util.List;

/**
 * The chunks of a PNG file. Only those that make the default picture go to the codec: comments,
 * profiles and animation can't then cost memory or change colours.
 */
final class PngChunks {
  private static final int SIGNATURE_BYTES = 8;

  /** Length, name and checksum. */
  private static final int FRAME_BYTES = 12;

  private static final List<String> NEEDED = List.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  private final byte[] file;
  private final HeaderBytes bytes;

  PngChunks(byte[] file, int length) {
    this.file = file;
    this.bytes = new HeaderBytes(file, length, true);
  }

  ImageHeader header() throws DecodeFailure {
    if (!bytes.startsWith(12, "IHDR")) {
      throw bytes.failure("the PNG header is damaged: it has no IHDR chunk");
    }
    return ImageHeader.of(ImageFormat.PNG, bytes.intAt(16), bytes.intAt(20), bytes)
        .turned(orientation());
  }

  private Orientation orientation() throws DecodeFailure {
    for (long at = SIGNATURE_BYTES; at + FRAME_BYTES <= bytes.length(); at = next(at)) {
      if (bytes.startsWith((int) at + 4, "eXIf")) {
        return Orientation.ofExif(bytes, at + 8);
      }
    }
    return Orientation.UPRIGHT;
  }

  /**
   * Copies what the codec needs.
   *
   * @param into at least as long as the file
   * @return bytes written
   */
  int copyNeeded(byte[] into) throws DecodeFailure {
    System.arraycopy(file, 0, into, 0, SIGNATURE_BYTES);
    int written = SIGNATURE_BYTES;
    for (long at = SIGNATURE_BYTES; at + FRAME_BYTES <= bytes.length(); at = next(at)) {
      if (isNeeded((int) at + 4)) {
        // A last chunk that is cut short is the codec's to refuse.
        int size = (int) Math.min(next(at), bytes.length()) - (int) at;
        System.arraycopy(file, (int) at, into, written, size);
        written += size;
      }
    }
    return written;
  }

  private boolean isNeeded(int name) {
    return NEEDED.stream().anyMatch(needed -> bytes.startsWith(name, needed));
  }

  private long next(long at) throws DecodeFailure {
    return at + FRAME_BYTES + bytes.intAt(at);
  }
}
