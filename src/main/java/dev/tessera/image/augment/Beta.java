package dev.tessera.image.augment;

import dev.tessera.random.RandomStream;

/** Draws of the symmetric beta distribution, as the share of one of two gamma variables. */
final class Beta {
  private Beta() {}

  /**
   * In [0, 1], of mean 1/2.
   *
   * @param alpha both parameters, above 0
   */
  static double draw(double alpha, RandomStream random) {
    double one = logarithmOfGamma(alpha, random);
    double two = logarithmOfGamma(alpha, random);
    // By logarithms, since both variables may be too small for a double where alpha is.
    return 1 / (1 + StrictMath.exp(two - one));
  }

  /** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
  private static double logarithmOfGamma(double alpha, RandomStream random) {
    if (alpha < 1) {
      return logarithmOfGamma(alpha + 1, random) + StrictMath.log(uniform(random)) / alpha;
    }
    double d = alpha - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      if (v <= 0) {
        continue;
      }
      double cube = v * v * v;
      double logarithm = StrictMath.log(cube);
      if (StrictMath.log(uniform(random)) < 0.5 * x * x + d - d * cube + d * logarithm) {
        return StrictMath.log(d) + logarithm;
      }
    }
  }

  /** In (0, 1]. */
  private static double uniform(RandomStream random) {
    return 1 - random.nextDouble();
  }
}
