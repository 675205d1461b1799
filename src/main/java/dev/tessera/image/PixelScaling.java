package dev.tessera.image;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * How a byte becomes what the network sees: {@code value * scale[channel] + shift[channel]}.
 *
 * @param scale one factor a channel
 * @param shift one summand a channel
 */
public record PixelScaling(List<Float> scale, List<Float> shift) implements Serializable {
  public PixelScaling {
    scale = List.copyOf(scale);
    shift = List.copyOf(shift);
    if (scale.isEmpty() || scale.size() != shift.size()) {
      throw new IllegalArgumentException(
          "Invalid scaling: " + scale.size() + " scales and " + shift.size() + " shifts");
    }
  }

  /** To [0, 1]. */
  public static PixelScaling unit(int channels) {
    return new PixelScaling(
        Collections.nCopies(channels, 1 / 255f), Collections.nCopies(channels, 0f));
  }

  /** To [-1, 1]. */
  public static PixelScaling symmetric(int channels) {
    return new PixelScaling(
        Collections.nCopies(channels, 2 / 255f), Collections.nCopies(channels, -1f));
  }

  /**
   * To mean 0 and standard deviation 1 by the given moments of every channel, in bytes (0 to 255).
   * A constant channel is only centred.
   */
  public static PixelScaling standardise(List<Double> means, List<Double> deviations) {
    java.util.ArrayList<Float> scale = new java.util.ArrayList<>();
    java.util.ArrayList<Float> shift = new java.util.ArrayList<>();
    for (int c = 0; c < means.size(); c++) {
      double deviation = deviations.get(c) > 0 ? deviations.get(c) : 1;
      scale.add((float) (1 / deviation));
      shift.add((float) (-means.get(c) / deviation));
    }
    return new PixelScaling(scale, shift);
  }

  public int channels() {
    return scale.size();
  }

  /** The three ways a job can name. */
  public enum Kind {
    UNIT,
    SYMMETRIC,
    STANDARDISE
  }
}
