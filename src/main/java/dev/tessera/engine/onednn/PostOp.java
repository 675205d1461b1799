package dev.tessera.engine.onednn;

import dev.tessera.network.Activation;
import dev.tessera.network.LayerPlan;

/** What a stage does to its layer's values before it writes them. */
sealed interface PostOp {
  /** A function of every value. */
  record Activate(Activation activation) implements PostOp {}

  /** Batch norm by its running moments (inference alone). */
  record Normalise(LayerPlan norm) implements PostOp {}

  /** Adds what an earlier layer gave, by that layer's index (inference alone). */
  record AddTo(int source) implements PostOp {}
}
