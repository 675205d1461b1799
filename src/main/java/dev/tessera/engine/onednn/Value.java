package dev.tessera.engine.onednn;

import dev.tessera.network.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What a stage hands on: its values going forward, their gradient coming back.
 *
 * <p>A vector may be held as NCHW (after flatten or global pooling): its values are then in channel
 * order as {@link Emission#flat} lays them out.
 */
final class Value {
  final Shape shape;
  final Tensor tensor;

  /** How many stages read it. */
  final int readers;

  /** Whether anything before it learns; else no gradient is made for it. */
  final boolean wantsGradient;

  /** What the backward pass of those before it still reads of the tensor. */
  final Kept kept;

  /** Its relu's gradient mask is left to its one reader. */
  boolean maskedByReader;

  private @Nullable Tensor gradient;
  private boolean gradientOwned;

  Value(Shape shape, Tensor tensor, int readers, boolean wantsGradient, Kept kept) {
    this.shape = shape;
    this.tensor = tensor;
    this.readers = readers;
    this.wantsGradient = wantsGradient;
    this.kept = kept;
  }

  /** What must stay of a tensor that a reader could overwrite. */
  enum Kept {
    NOTHING,
    /**
     * Which values are 0 (the output of a relu): setting more of them to 0 with their gradient is
     * allowed.
     */
    ZEROS,
    VALUES
  }

  /** Dropout may write its result over the tensor. */
  boolean mayBeDropped() {
    return readers == 1 && kept != Kept.VALUES;
  }

  /** Any function may write its result over the tensor. */
  boolean mayBeOverwritten() {
    return readers == 1 && kept == Kept.NOTHING;
  }

  boolean hasGradient() {
    return gradient != null;
  }

  /** Of the tensor's dimensions, in any layout. Complete once all readers' backward passes are. */
  Tensor gradient() {
    if (gradient == null) {
      throw new IllegalStateException("A value of " + shape + " has no gradient yet");
    }
    return gradient;
  }

  /** Whether the gradient may be changed in place: nobody else reads it. */
  boolean gradientOwned() {
    return gradientOwned;
  }

  void setGradient(Tensor tensor, boolean owned) {
    gradient = tensor;
    gradientOwned = owned;
  }
}
