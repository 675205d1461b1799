package dev.tessera.engine.onednn;

import dev.tessera.image.Minibatch;
import org.jspecify.annotations.Nullable;

/** What a program's operations in Java read of the step at hand, and the loss they leave. */
final class StepContext {
  private @Nullable Minibatch minibatch;
  private long dropoutSeed;
  double lossSum;

  /** Where the group of examples begins that is at hand. */
  int firstExample;

  void begin(Minibatch next, long seed) {
    minibatch = next;
    dropoutSeed = seed;
    firstExample = 0;
  }

  Minibatch minibatch() {
    if (minibatch == null) {
      throw new IllegalStateException("There is no minibatch yet");
    }
    return minibatch;
  }

  long dropoutSeed() {
    return dropoutSeed;
  }
}
