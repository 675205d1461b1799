package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ImageDecoder;
import dev.tessera.image.ImageSettings;
import dev.tessera.network.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Brings examples to the job's shape. The codec is loaded with the first that needs it. Stays on
 * its thread.
 */
final class ExampleDecoder implements AutoCloseable {
  private final ImageSettings image;
  private final Shape.Image shape;
  private @Nullable ImageDecoder decoder;

  ExampleDecoder(ImageSettings image) {
    this.image = image;
    this.shape = image.shape();
  }

  /**
   * Writes height x width x channels bytes to {@code target} from {@code offset} on.
   *
   * @throws DecodeFailure if this image can't be used; the next one can
   */
  void decode(EncodedExample example, byte[] target, int offset) throws DecodeFailure {
    BadImage bad = example.bad();
    if (bad != null) {
      throw bad.failure();
    }
    byte[] bytes = example.bytes();
    Shape.Image raw = example.raw();
    if (raw == null) {
      decoder().decode(bytes, bytes.length, target, offset);
    } else if (raw.equals(shape)) {
      System.arraycopy(bytes, 0, target, offset, bytes.length);
    } else {
      decoder().convert(bytes, raw, target, offset);
    }
  }

  private ImageDecoder decoder() {
    ImageDecoder made = decoder;
    if (made == null) {
      made = new ImageDecoder(image);
      decoder = made;
    }
    return made;
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}
