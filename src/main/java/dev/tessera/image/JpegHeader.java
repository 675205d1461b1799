package dev.tessera.image;

/** Finds the frame header among a JPEG file's segments (ITU T.81, B.1.1). */
final class JpegHeader {
  private JpegHeader() {}

  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    long at = 2;
    while (true) {
      at = nextMarker(bytes, at);
      int marker = bytes.byteAt(at);
      if (isFrame(marker)) {
        return frame(bytes, at);
      }
      at = standsAlone(marker) ? at + 1 : afterSegment(bytes, at, marker);
    }
  }

  /**
   * Place of the next marker's code. Passes over stray and fill bytes as libjpeg does, so that both
   * find the same frame.
   */
  private static long nextMarker(HeaderBytes bytes, long from) throws DecodeFailure {
    long at = from;
    while (bytes.byteAt(at) != 0xff || bytes.byteAt(at + 1) == 0xff || bytes.byteAt(at + 1) == 0) {
      at++;
    }
    return at + 1;
  }

  private static ImageHeader frame(HeaderBytes bytes, long at) throws DecodeFailure {
    return ImageHeader.of(ImageFormat.JPEG, bytes.shortAt(at + 6), bytes.shortAt(at + 4), bytes);
  }

  private static long afterSegment(HeaderBytes bytes, long at, int marker) throws DecodeFailure {
    int length = bytes.shortAt(at + 1);
    if (length < 2 || marker == 0xda || marker == 0xd9) {
      throw bytes.failure("the JPEG header is damaged: no frame before the data");
    }
    return at + 1 + length;
  }

  /** SOF0 to SOF15, without DHT, JPG and DAC, which stand between them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static boolean standsAlone(int marker) {
    return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
  }
}
