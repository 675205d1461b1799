package dev.tessera.image;

import java.io.Serializable;

/**
 * A block of examples that Spark caches, with labels and origins. Read-only by agreement: several
 * tasks may read it at once.
 */
public interface ExampleBlock extends Serializable {

  /** Number of examples. */
  int size();

  /** Class index of the example, from 0. */
  int label(int example);

  /** Where the example came from. */
  String origin(int example);

  /**
   * Writes one example's pixels, height x width x channels bytes, to {@code target} from {@code
   * offset} on.
   *
   * @param decoder for blocks that are not pixels yet; others leave it alone
   */
  void read(int example, BlockDecoder decoder, byte[] target, int offset);
}
