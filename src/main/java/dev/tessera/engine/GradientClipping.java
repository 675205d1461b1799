package dev.tessera.engine;

import java.io.Serializable;

/**
 * How large a gradient may be, regularisation included. First every element is clamped to [-value,
 * value]; then, if the L2 norm over all trainable gradients together exceeds {@code norm}, all are
 * multiplied by {@code norm} over it.
 *
 * @param norm above 0, or 0 for off
 * @param value above 0, or 0 for off
 */
public record GradientClipping(double norm, double value) implements Serializable {
  public static final GradientClipping NONE = new GradientClipping(0, 0);

  public GradientClipping {
    requireLimit("norm", norm);
    requireLimit("value", value);
  }

  private static void requireLimit(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid clipping " + name + " " + value + ": it must be above 0, or 0 for off");
    }
  }
}
