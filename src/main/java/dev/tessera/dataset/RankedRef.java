package dev.tessera.dataset;

import java.io.Serializable;

/** An example with its rank in the set, from 0: worker = rank mod K, position = rank div K. */
final class RankedRef implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long rank;
  private final ExampleRef ref;

  RankedRef(long rank, ExampleRef ref) {
    this.rank = rank;
    this.ref = ref;
  }

  long rank() {
    return rank;
  }

  ExampleRef ref() {
    return ref;
  }
}
