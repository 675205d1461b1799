package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;

/** Goes through the examples of one segment of a shard, in the order of their ranks. */
interface ExampleCursor {

  /** Steps to the next example. @return false after the last */
  boolean advance();

  /** The example it stands on. */
  ExampleRef ref();

  /**
   * The bytes of the example it stands on.
   *
   * @throws DecodeFailure if this image can't be read; the next one can
   */
  EncodedExample example() throws DecodeFailure;
}
