package dev.tessera;

import dev.tessera.stats.Evaluation;
import java.util.Locale;

/**
 * How a model does on a set that it was not trained on.
 *
 * @param set {@code test} or {@code validation}
 */
public record EvaluatedModel(String set, Evaluation figures) {
  static final String TEST = "test";
  static final String VALIDATION = "validation";

  /** One line: {@code Test: accuracy 0.8712, ...}. */
  public String describe() {
    return set.substring(0, 1).toUpperCase(Locale.ROOT)
        + set.substring(1)
        + ": "
        + figures.describe();
  }
}
