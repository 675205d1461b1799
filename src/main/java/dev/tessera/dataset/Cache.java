package dev.tessera.dataset;

/** What Spark keeps of a set between epochs, in memory and, where that is short, on disk. */
public enum Cache {
  /** Pixels at the size of the network: decoded once. */
  PIXELS,
  /** Picture files as they are, a tenth of that: decoded in every epoch, beside the computing. */
  ENCODED,
  /** Nothing: read and decoded in every epoch. */
  NONE
}
