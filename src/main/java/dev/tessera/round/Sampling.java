package dev.tessera.round;

/** How often an epoch draws the examples of each class. */
public enum Sampling {
  /** Every example once. */
  NATURAL,
  /**
   * As many examples in all, but of every class equally many: those of small classes again and
   * again, of large ones a part that changes with the epoch.
   */
  BALANCED
}
