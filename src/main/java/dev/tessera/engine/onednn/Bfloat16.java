package dev.tessera.engine.onednn;

/** The upper half of a float, rounded to nearest, ties to even. */
final class Bfloat16 {
  private Bfloat16() {}

  /**
   * @param floatBits of a finite float
   */
  static short rounded(int floatBits) {
    return (short) ((floatBits + 0x7fff + (floatBits >>> 16 & 1)) >>> 16);
  }

  static short of(float value) {
    return rounded(Float.floatToRawIntBits(value));
  }
}
