package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;

/** Reads the examples of one shard, one after the other. Stays on its thread. */
interface ExampleReader extends AutoCloseable {

  /**
   * Writes height x width x channels bytes of the example at {@code place} of the shard to {@code
   * target} from {@code offset} on.
   *
   * @throws DecodeFailure if this image can't be used; the next one can
   * @throws dev.tessera.error.StorageException if the store can't be read
   */
  void read(int place, byte[] target, int offset) throws DecodeFailure;

  @Override
  void close();
}
