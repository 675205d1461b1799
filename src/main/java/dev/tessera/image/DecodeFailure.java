package dev.tessera.image;

/**
 * One picture can't be used. The message is the reason, for people: it completes the line
 * "cat/1.jpg (812 bytes): ...".
 */
public final class DecodeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** How many bytes of a bad file are kept to be looked at. */
  static final int FIRST_BYTES = 16;

  private final long sizeBytes;
  private final String firstBytes;

  /**
   * A failure of which no bytes are known.
   *
   * @param sizeBytes of the encoded picture, as far as it was read
   */
  public DecodeFailure(String reason, long sizeBytes) {
    this(reason, sizeBytes, "");
  }

  /** A failure of the file in the first {@code length} bytes. */
  public static DecodeFailure of(String reason, byte[] file, int length) {
    return new HeaderBytes(file, length, true).failure(reason);
  }

  /**
   * A failure that is known already.
   *
   * @param firstBytes as {@link #firstBytes()} gives them
   */
  public DecodeFailure(String reason, long sizeBytes, String firstBytes) {
    // Without a stack trace: a set may hold many bad pictures, and each is an ordinary outcome.
    super(reason, null, false, false);
    this.sizeBytes = sizeBytes;
    this.firstBytes = firstBytes;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /** The first 16 bytes of the file in hexadecimal, {@code ff d8 ff e0 ...}; empty if unknown. */
  public String firstBytes() {
    return firstBytes;
  }
}
