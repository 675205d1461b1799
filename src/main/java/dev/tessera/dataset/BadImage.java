package dev.tessera.dataset;

import dev.tessera.error.Printable;
import dev.tessera.image.DecodeFailure;
import java.io.Serializable;

/** An image that was left out, and why. */
public final class BadImage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String origin;
  private final String reason;
  private final long sizeBytes;
  private final String firstBytes;

  /** An image of which no bytes are known. */
  public BadImage(String origin, String reason, long sizeBytes) {
    this(origin, reason, sizeBytes, "");
  }

  public BadImage(String origin, String reason, long sizeBytes, String firstBytes) {
    this.origin = origin;
    this.reason = reason;
    this.sizeBytes = sizeBytes;
    this.firstBytes = firstBytes;
  }

  /** The image at {@code origin}, as its decoder refused it. */
  static BadImage of(String origin, DecodeFailure failure) {
    return new BadImage(origin, failure.reason(), failure.sizeBytes(), failure.firstBytes());
  }

  public String origin() {
    return origin;
  }

  public String reason() {
    return reason;
  }

  /** Bytes of the encoded image, as far as it was read. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * The first 16 bytes of the encoded image in hexadecimal, {@code ff d8 ff e0 ...}; empty if none
   * were read.
   */
  public String firstBytes() {
    return firstBytes;
  }

  @Override
  public String toString() {
    return Printable.of(origin) + " (" + sizeBytes + " bytes): " + reason;
  }
}
