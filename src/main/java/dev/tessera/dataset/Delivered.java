package dev.tessera.dataset;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An example of a stream on its way to its worker: first its ref with the rank and its bytes apart,
 * then together.
 */
final class Delivered implements Serializable {
  private static final long serialVersionUID = 1L;

  private final @Nullable RankedRef ranked;
  private final @Nullable EncodedExample example;

  Delivered(@Nullable RankedRef ranked, @Nullable EncodedExample example) {
    this.ranked = ranked;
    this.example = example;
  }

  boolean isRef() {
    return ranked != null;
  }

  RankedRef ranked() {
    return Objects.requireNonNull(ranked);
  }

  EncodedExample example() {
    return Objects.requireNonNull(example);
  }

  String origin() {
    return ranked != null ? ranked.ref().origin() : example().origin();
  }
}
