package dev.tessera.random;

/**
 * A stream of random numbers that is a pure function of its key (job seed, purpose, coordinates).
 *
 * <p>The n-th draw is {@code mix64(key + n * GOLDEN)}: SplitMix64 of Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", OOPSLA 2014, read as a counter-based generator. Not
 * thread-safe; make one per use, they are a single {@code long}.
 */
public final class RandomStream {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;
  private double spareGaussian = Double.NaN;

  private RandomStream(long key) {
    this.state = key;
  }

  /**
   * The stream of {@code purpose} at the given coordinates (epoch, worker, step, ...), from its
   * first number on.
   */
  public static RandomStream of(long seed, Purpose purpose, long... coordinates) {
    return new RandomStream(key(seed, purpose, coordinates));
  }

  /**
   * A 64-bit key for the given coordinates, to seed a generator that is not ours (an engine's
   * dropout).
   */
  public static long key(long seed, Purpose purpose, long... coordinates) {
    long key = mix64(mix64(seed + GOLDEN) + GOLDEN * purpose.code());
    for (long coordinate : coordinates) {
      key = mix64(key + GOLDEN + coordinate);
    }
    return key;
  }

  /** Begins the stream of that key, from its first number on: spares an object a stream. */
  public void restart(long key) {
    state = key;
    spareGaussian = Double.NaN;
  }

  /**
   * A 64-bit hash of a text under a seed and a purpose: equal everywhere, whatever the JVM or its
   * version.
   */
  public static long hash64(long seed, Purpose purpose, String text) {
    long hash = key(seed, purpose);
    for (int i = 0; i < text.length(); i++) {
      hash = mix64(hash + GOLDEN + text.charAt(i));
    }
    return hash;
  }

  /** The next 64 bits. */
  public long nextLong() {
    state += GOLDEN;
    return mix64(state);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * Uniform in [0, bound) without bias (Lemire's multiply and reject, 2019). {@code bound} is at
   * least 1.
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException(
          "Cannot draw below bound " + bound + ": it must be at least 1");
    }
    long product = (nextLong() >>> 32) * bound;
    long low = product & 0xffffffffL;
    if (low < bound) {
      long threshold = (1L << 32) % bound;
      while (low < threshold) {
        product = (nextLong() >>> 32) * bound;
        low = product & 0xffffffffL;
      }
    }
    return (int) (product >>> 32);
  }

  /**
   * Standard normal, by Marsaglia's polar method over {@link StrictMath}: equal bits on every
   * platform.
   */
  public double nextGaussian() {
    if (!Double.isNaN(spareGaussian)) {
      double spare = spareGaussian;
      spareGaussian = Double.NaN;
      return spare;
    }
    double u;
    double v;
    double square;
    do {
      u = 2 * nextDouble() - 1;
      v = 2 * nextDouble() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square == 0);
    double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
    spareGaussian = v * factor;
    return u * factor;
  }

  /** The numbers 0 .. {@code size} - 1 in random order (Fisher and Yates). */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix64(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
