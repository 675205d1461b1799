package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;

/** Reads the examples of one segment of a shard, one after the other. Stays on its thread. */
interface ExampleReader extends AutoCloseable {

  /**
   * The example at {@code place} of the refs that it was opened for.
   *
   * @throws DecodeFailure if this image can't be read; the next one can
   * @throws dev.tessera.error.StorageException if the store can't be read
   */
  EncodedExample read(int place) throws DecodeFailure;

  @Override
  void close();
}
