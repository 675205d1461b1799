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

  /** Colour type without palette, colours or alpha. */
  private static final int GREY = 0;

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
    long exif = find("eXIf");
    return exif < 0 ? Orientation.UPRIGHT : Orientation.ofExif(bytes, exif);
  }

  /**
   * The grey that is transparent, which OpenCV passes over: as a decoded sample of 8 bits, or 16 if
   * the file has so many; -1 if there is none.
   */
  int transparentGrey() throws DecodeFailure {
    long key = bytes.byteAt(25) == GREY ? find("tRNS") : -1;
    int bits = bytes.byteAt(24);
    if (key < 0) {
      return -1;
    }
    if (bits < 1 || bits > 16) {
      throw bytes.failure("the PNG header is damaged: it has samples of " + bits + " bits");
    }
    // Only as many bits count as a sample has.
    int all = (1 << bits) - 1;
    int grey = bytes.shortAt(key) & all;
    return bits < 8 ? grey * 255 / all : grey;
  }

  /** Where the data of a chunk begins, -1 if there is none of that name. */
  private long find(String name) throws DecodeFailure {
    for (long at = SIGNATURE_BYTES; at + FRAME_BYTES <= bytes.length(); at = next(at)) {
      if (bytes.startsWith((int) at + 4, name)) {
        return at + 8;
      }
    }
    return -1;
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
        // The codec takes memory for whole chunks, and a length may say anything.
        if (next(at) > bytes.length()) {
          throw bytes.failure("the PNG file is cut short");
        }
        int size = (int) (next(at) - at);
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
