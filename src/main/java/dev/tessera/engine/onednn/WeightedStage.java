package dev.tessera.engine.onednn;

/** A layer that multiplies by weights: its primitives forward and backward. */
interface WeightedStage {
  Weights weights();

  /** Adds the forward pass, with what follows it, and returns the result. */
  Tensor forward(WeightTensors values, FusedOperations fused);

  /**
   * Adds the gradients of the weights and, where wanted, of the input, given that of the result
   * before its activation. After {@link #forward}.
   */
  void backward(Tensor gradient);
}
