package dev.tessera.engine;

import java.io.Serializable;

/**
 * What is added to the loss for large weights: {@code l1 * sum |w| + l2 / 2 * sum w^2}, over
 * weights alone (not biases, gamma, beta). The gradient, after its division by the number of
 * examples and before clipping, gets {@code l1 * sign(w) + l2 * w}, where the sign of 0 is 0.
 *
 * @param l1 at least 0
 * @param l2 at least 0
 */
public record Regularisation(double l1, double l2) implements Serializable {
  public static final Regularisation NONE = new Regularisation(0, 0);

  public Regularisation {
    requireFactor("l1", l1);
    requireFactor("l2", l2);
  }

  private static void requireFactor(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid " + name + " " + value + ": it must be at least 0");
    }
  }
}
