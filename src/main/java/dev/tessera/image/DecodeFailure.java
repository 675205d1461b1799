package dev.tessera.image;

/**
 * One picture can't be used. The message is the reason, for people: it completes the line
 * "cat/1.jpg (812 bytes): ...".
 */
public final class DecodeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final long sizeBytes;

  /**
   * A failure to be counted and reported.
   *
   * @param sizeBytes of the encoded picture, as far as it was read
   */
  public DecodeFailure(String reason, long sizeBytes) {
    // Without a stack trace: a set may hold many bad pictures, and each is an ordinary outcome.
    super(reason, null, false, false);
    this.sizeBytes = sizeBytes;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  public long sizeBytes() {
    return sizeBytes;
  }
}
