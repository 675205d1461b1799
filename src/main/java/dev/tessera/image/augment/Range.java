package dev.tessera.image.augment;

import dev.tessera.random.RandomStream;
import java.io.Serializable;

/**
 * Numbers between two bounds, drawn uniformly.
 *
 * @param max at least {@code min}; a range of one number is legal
 */
public record Range(double min, double max) implements Serializable {
  public Range {
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          "Invalid range [" + min + ", " + max + "]: its first number must not be the larger one");
    }
  }

  boolean isOnly(double value) {
    return min == value && max == value;
  }

  double draw(RandomStream random) {
    return min + (max - min) * random.nextDouble();
  }

  /** Uniform in the logarithm: as many below 1 as above, for a range like [1/2, 2]. */
  double drawByLogarithm(RandomStream random) {
    double low = StrictMath.log(min);
    return StrictMath.exp(low + (StrictMath.log(max) - low) * random.nextDouble());
  }
}
