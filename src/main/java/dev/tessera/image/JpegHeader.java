package dev.tessera.image;

/** Finds the frame header among a JPEG file's segments (ITU T.81, B.1.1). */
final class JpegHeader {
  private static final int APP1 = 0xe1;
  private static final int SCAN = 0xda;
  private static final int END = 0xd9;

  /** Encoders write about ten; each takes as long as the whole picture to decode. */
  private static final int MAX_SCANS = 100;

  private final HeaderBytes bytes;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean exifSeen;

  private JpegHeader(HeaderBytes bytes) {
    this.bytes = bytes;
  }

  static ImageHeader read(HeaderBytes bytes) throws DecodeFailure {
    return new JpegHeader(bytes).read();
  }

  private ImageHeader read() throws DecodeFailure {
    long at = 2;
    while (true) {
      at = nextMarker(at);
      int marker = bytes.byteAt(at);
      if (isFrame(marker)) {
        return frame(at, marker);
      }
      at = standsAlone(marker) ? at + 1 : afterSegment(at, marker);
    }
  }

  /**
   * Place of the next marker's code, beyond the file if there is none. Passes over stray and fill
   * bytes as libjpeg does, so that both find the same frame.
   */
  private long nextMarker(long from) throws DecodeFailure {
    long at = bytes.find(0xff, from) + 1L;
    while (at < bytes.length() && (bytes.byteAt(at) == 0xff || bytes.byteAt(at) == 0)) {
      at = bytes.find(0xff, at) + 1L;
    }
    return at;
  }

  private ImageHeader frame(long at, int marker) throws DecodeFailure {
    if (marker == 0xc2 || marker == 0xca) {
      requireFewScans(at);
    }
    return ImageHeader.of(ImageFormat.JPEG, bytes.shortAt(at + 6), bytes.shortAt(at + 4), bytes)
        .turned(orientation)
        .ofColours(bytes.byteAt(at + 8))
        .with(Alpha.NONE);
  }

  private long afterSegment(long at, int marker) throws DecodeFailure {
    int length = bytes.shortAt(at + 1);
    if (length < 2 || marker == SCAN || marker == END) {
      throw bytes.failure("the JPEG header is damaged: no frame before the data");
    }
    if (marker == APP1 && !exifSeen && bytes.startsWith((int) at + 3, "Exif\0\0")) {
      exifSeen = true;
      orientation = Orientation.ofExif(bytes, at + 3);
    }
    return at + 1 + length;
  }

  /** What looks like a scan in a segment, or after the picture, where phones put films, is none. */
  private void requireFewScans(long frame) throws DecodeFailure {
    int scans = 0;
    long at = frame;
    while (at < bytes.length() && bytes.byteAt(at) != END) {
      if (bytes.byteAt(at) == SCAN) {
        scans++;
      }
      if (scans > MAX_SCANS) {
        throw bytes.failure("the JPEG picture has more than " + MAX_SCANS + " scans");
      }
      at = nextMarker(behind(at));
    }
  }

  /** Where libjpeg looks for the next marker from the frame on. */
  private long behind(long at) throws DecodeFailure {
    int marker = bytes.byteAt(at);
    boolean hasLength = marker >= 0xc0 && !standsAlone(marker) && at + 3 <= bytes.length();
    return at + 1 + (hasLength ? Math.max(2, bytes.shortAt(at + 1)) : 0);
  }

  /** SOF0 to SOF15, without DHT, JPG and DAC, which stand between them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static boolean standsAlone(int marker) {
    return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
  }
}
