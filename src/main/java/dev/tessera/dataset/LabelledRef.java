package dev.tessera.dataset;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Which image, and its label as the data have it: a name, or a whole number. (A class and not a
 * record: Kryo can't make records.)
 */
final class LabelledRef implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What data sets without labels have in a column of numbers. */
  private static final String NO_LABEL = "-1";

  private final String origin;
  private final @Nullable String label;

  /**
   * A ref to be resolved by {@link Labels}.
   *
   * @param label null, empty or -1: the image has none and is passed over
   */
  LabelledRef(String origin, @Nullable String label) {
    this.origin = origin;
    this.label = label == null || label.isEmpty() || label.equals(NO_LABEL) ? null : label;
  }

  /** Something that is passed over and only counted. */
  static LabelledRef passedOver(String origin) {
    return new LabelledRef(origin, null);
  }

  String origin() {
    return origin;
  }

  @Nullable String label() {
    return label;
  }

  @Override
  public String toString() {
    return origin + " (" + (label == null ? "passed over" : label) + ")";
  }
}
