package dev.tessera.dataset;

import java.io.Serializable;

/**
 * Which image, and of which class: no bytes.
 *
 * <p>The origin is unique within a set and tells nothing of where the set lies: {@code cat/1.jpg}
 * below the root of a folder, {@code train-images-idx3-ubyte.gz#123} for a record of a file. Splits
 * and shards depend on it alone. (A class and not a record, like everything that Spark moves: Kryo
 * can't make records.)
 */
public final class ExampleRef implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Label of a file that is passed over and only counted. */
  static final int HIDDEN = -1;

  private final String origin;
  private final int label;

  public ExampleRef(String origin, int label) {
    this.origin = origin;
    this.label = label;
  }

  public String origin() {
    return origin;
  }

  /** Class index from 0. */
  public int label() {
    return label;
  }

  boolean isHidden() {
    return label == HIDDEN;
  }

  @Override
  public String toString() {
    return origin + " (class " + label + ")";
  }
}
