package dev.tessera.dataset;

import java.io.Serializable;
import java.util.List;

/**
 * One set of a packed folder.
 *
 * @param name {@code train}, {@code validation} or {@code test}: its folder
 * @param heldOut whether it was held out of the training set by a fraction
 * @param files how many, numbered from 0
 * @param quarantined numbers of files of which images were left out
 */
record PackedSet(String name, boolean heldOut, int files, List<Integer> quarantined)
    implements Serializable {
  static final String TRAIN = "train";
  static final String VALIDATION = "validation";
  static final String TEST = "test";

  PackedSet {
    quarantined = List.copyOf(quarantined);
  }

  /** Whether {@code dataset.train} had it, as itself or to hold out of. */
  boolean isOfTraining() {
    return heldOut || name.equals(TRAIN);
  }
}
