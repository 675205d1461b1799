package dev.tessera.network;

/**
 * What a pooling window gives: its largest value, or the mean of those of its values that lie
 * inside the picture (Keras's rule at the border).
 */
public enum PoolingKind {
  MAX,
  AVERAGE
}
