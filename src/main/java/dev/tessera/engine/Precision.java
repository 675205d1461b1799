package dev.tessera.engine;

/**
 * The type that heavy layers compute in. Parameters, updater state, batch norm's moments and the
 * loss are floats in both.
 */
public enum Precision {
  /** 32-bit IEEE floats. */
  FLOAT,
  /**
   * 16-bit floats with float's range and 8 bits of precision: activations, weights and gradients of
   * convolution, pooling and dense layers, with float accumulation.
   */
  BFLOAT16
}
