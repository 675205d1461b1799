package dev.tessera.network;

/** The function after a layer, elementwise but for {@link #SOFTMAX}. */
public enum Activation {
  /** f(x) = x. */
  IDENTITY,
  /** max(0, x). */
  RELU,
  /** x where x is above 0, else 0.01 x. */
  LEAKY_RELU,
  /** x where x is above 0, else exp(x) - 1. */
  ELU,
  /** 1 / (1 + exp(-x)). */
  SIGMOID,
  /** Hyperbolic tangent. */
  TANH,
  /** x times sigmoid(x); Ramachandran et al. 2017. */
  SWISH,
  /** exp(x) over its sum; only after the last layer. */
  SOFTMAX
}
