package dev.tessera.image;

import dev.tessera.network.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A decoder for examples that may need none: the codec is loaded with the first that does. Stays on
 * its thread.
 */
public final class BlockDecoder implements AutoCloseable {
  private final ImageSettings image;
  private final Shape.Image shape;
  private @Nullable ImageDecoder decoder;

  public BlockDecoder(ImageSettings image) {
    this.image = image;
    this.shape = image.shape();
  }

  Shape.Image shape() {
    return shape;
  }

  /**
   * Decodes a file that was decoded before.
   *
   * @throws IllegalStateException if it can't be decoded any more
   */
  void decode(String origin, byte[] encoded, byte[] target, int offset) {
    try {
      decoder().decode(encoded, encoded.length, target, offset);
    } catch (DecodeFailure e) {
      throw new IllegalStateException(
          "Picture " + origin + " was decoded when it was cached, and now it can't be: " + e, e);
    }
  }

  /** The decoder itself, which is this object's: closed with it. Loads the codec. */
  public ImageDecoder decoder() {
    ImageDecoder made = decoder;
    if (made == null) {
      made = new ImageDecoder(image);
      decoder = made;
    }
    return made;
  }

  /** Frees the codec's buffers. May be called twice. */
  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}
