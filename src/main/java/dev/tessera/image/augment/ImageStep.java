package dev.tessera.image.augment;

import dev.tessera.random.RandomStream;

/** One kind of change. Owns its buffers and stays on its thread. */
interface ImageStep {
  /** Changes the picture whose bytes begin at {@code offset}, or leaves it, as drawn. */
  void apply(byte[] pixels, int offset, RandomStream random);
}
