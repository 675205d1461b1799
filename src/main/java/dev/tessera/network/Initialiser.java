package dev.tessera.network;

import dev.tessera.random.RandomStream;

/**
 * How the weights of a layer start. {@code fanIn} and {@code fanOut} count the inputs and outputs
 * of one unit, kernel area included.
 */
public enum Initialiser {
  /** Normal with variance 2 / fanIn; He et al. 2015, for relu and its kin. */
  HE_NORMAL {
    @Override
    double draw(RandomStream random, int fanIn, int fanOut) {
      return random.nextGaussian() * Math.sqrt(2.0 / fanIn);
    }
  },
  /** Uniform with variance 2 / fanIn; He et al. 2015. */
  HE_UNIFORM {
    @Override
    double draw(RandomStream random, int fanIn, int fanOut) {
      return (2 * random.nextDouble() - 1) * Math.sqrt(6.0 / fanIn);
    }
  },
  /** Normal with variance 2 / (fanIn + fanOut); Glorot and Bengio 2010. */
  GLOROT_NORMAL {
    @Override
    double draw(RandomStream random, int fanIn, int fanOut) {
      return random.nextGaussian() * Math.sqrt(2.0 / (fanIn + fanOut));
    }
  },
  /** Uniform with variance 2 / (fanIn + fanOut); Glorot and Bengio 2010, Keras's default. */
  GLOROT_UNIFORM {
    @Override
    double draw(RandomStream random, int fanIn, int fanOut) {
      return (2 * random.nextDouble() - 1) * Math.sqrt(6.0 / (fanIn + fanOut));
    }
  },
  /** Normal with variance 1 / fanIn; LeCun et al. 1998. */
  LECUN_NORMAL {
    @Override
    double draw(RandomStream random, int fanIn, int fanOut) {
      return random.nextGaussian() * Math.sqrt(1.0 / fanIn);
    }
  };

  abstract double draw(RandomStream random, int fanIn, int fanOut);

  /**
   * What a layer gets whose spec does not say: He normal before relu and its kin, Glorot uniform
   * before everything else.
   */
  public static Initialiser defaultFor(Activation activation) {
    return switch (activation) {
      case RELU, LEAKY_RELU, ELU, SWISH -> HE_NORMAL;
      case IDENTITY, SIGMOID, TANH, SOFTMAX -> GLOROT_UNIFORM;
    };
  }
}
