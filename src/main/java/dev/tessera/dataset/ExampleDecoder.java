package dev.tessera.dataset;

import dev.tessera.image.BlockDecoder;
import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ImageSettings;
import dev.tessera.network.Shape;

/**
 * Brings examples to the job's shape. The codec is loaded with the first that needs it. Stays on
 * its thread.
 */
final class ExampleDecoder implements AutoCloseable {
  private final Shape.Image shape;
  private final BlockDecoder lazy;

  ExampleDecoder(ImageSettings image) {
    this.shape = image.shape();
    this.lazy = new BlockDecoder(image);
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
      lazy.decoder().decode(bytes, bytes.length, target, offset);
    } else if (raw.equals(shape)) {
      System.arraycopy(bytes, 0, target, offset, bytes.length);
    } else {
      lazy.decoder().convert(bytes, raw, target, offset);
    }
  }

  @Override
  public void close() {
    lazy.close();
  }
}
