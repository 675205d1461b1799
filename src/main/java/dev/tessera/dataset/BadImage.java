package dev.tessera.dataset;

import dev.tessera.error.Printable;
import java.io.Serializable;

/** An image that was left out, and why. */
public final class BadImage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String origin;
  private final String reason;
  private final long sizeBytes;

  public BadImage(String origin, String reason, long sizeBytes) {
    this.origin = origin;
    this.reason = reason;
    this.sizeBytes = sizeBytes;
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

  @Override
  public String toString() {
    return Printable.of(origin) + " (" + sizeBytes + " bytes): " + reason;
  }
}
