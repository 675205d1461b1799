package dev.tessera.dataset;

import dev.tessera.error.Printable;
import dev.tessera.image.DecodeFailure;
import java.io.Serializable;

/** An image that was left out, and why. */
public final class BadImage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String origin;
  private final int label;
  private final String reason;
  private final long sizeBytes;
  private final String firstBytes;

  BadImage(ExampleRef ref, DecodeFailure failure) {
    this.origin = ref.origin();
    this.label = ref.label();
    this.reason = failure.reason();
    this.sizeBytes = failure.sizeBytes();
    this.firstBytes = failure.firstBytes();
  }

  public String origin() {
    return origin;
  }

  /** Class index from 0. */
  public int label() {
    return label;
  }

  public String reason() {
    return reason;
  }

  /** The kind of reason, without what is this image's own: up to the first colon. */
  public String reasonKind() {
    int colon = reason.indexOf(": ");
    return colon < 0 ? reason : reason.substring(0, colon);
  }

  /** Bytes of the encoded image, as far as it was read. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** The first 16 bytes of the file in hexadecimal, {@code ff d8 ff e0 ...}; empty if unknown. */
  public String firstBytes() {
    return firstBytes;
  }

  ExampleRef ref() {
    return new ExampleRef(origin, label);
  }

  DecodeFailure failure() {
    return new DecodeFailure(reason, sizeBytes, firstBytes);
  }

  @Override
  public String toString() {
    return Printable.of(origin) + " (" + sizeBytes + " bytes): " + reason;
  }
}
