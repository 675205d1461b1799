package dev.tessera.image.augment;

/**
 * Moves the colours of a picture along the colour circle: to hue, saturation and value, and back,
 * in floats (Foley and van Dam; Pillow's Convert.c as torchvision repeats it).
 */
final class HueTurn {
  private static final float SIXTH = (float) (1.0 / 6.0);

  /** Makes 1 the last of 256 equal parts, as torchvision's conversion to bytes does. */
  private static final float TO_BYTE = (float) (256 - 1e-3);

  /**
   * Turns every pixel.
   *
   * @param turn part of the circle, in [-0.5, 0.5]
   */
  void apply(byte[] pixels, int offset, int size, float turn) {
    for (int i = offset; i < offset + size; i += Colors.CHANNELS) {
      int red = pixels[i] & 0xff;
      int green = pixels[i + 1] & 0xff;
      int blue = pixels[i + 2] & 0xff;
      int largest = Math.max(red, Math.max(green, blue));
      int least = Math.min(red, Math.min(green, blue));
      if (largest != least) {
        turn(pixels, i, hue(red, green, blue, largest, least) + turn, largest, least);
      }
    }
  }

  /** In [0, 1). */
  private static float hue(int red, int green, int blue, int largest, int least) {
    float range = largest - least;
    float sixths;
    if (largest == red) {
      sixths = (green - blue) / range;
    } else if (largest == green) {
      sixths = 2 + (blue - red) / range;
    } else {
      sixths = 4 + (red - green) / range;
    }
    float hue = sixths * SIXTH;
    return hue < 0 ? hue + 1 : hue;
  }

  private static void turn(byte[] pixels, int at, float hue, int largest, int least) {
    float value = largest / 255f;
    float saturation = (largest - least) / (float) largest;
    // (int) rounds towards 0: hue is above -1.
    float sixths = (hue < 0 ? hue + 1 : hue >= 1 ? hue - 1 : hue) * 6;
    int sector = (int) sixths;
    float part = sixths - sector;
    byte high = toByte(value);
    byte low = toByte((1 - saturation) * value);
    byte falling = toByte((1 - saturation * part) * value);
    byte rising = toByte((1 - saturation * (1 - part)) * value);
    switch (sector) {
      case 1 -> put(pixels, at, falling, high, low);
      case 2 -> put(pixels, at, low, high, rising);
      case 3 -> put(pixels, at, low, falling, high);
      case 4 -> put(pixels, at, rising, low, high);
      case 5 -> put(pixels, at, high, low, falling);
      // 6 by rounding is 0 again.
      default -> put(pixels, at, high, rising, low);
    }
  }

  private static void put(byte[] pixels, int at, byte red, byte green, byte blue) {
    pixels[at] = red;
    pixels[at + 1] = green;
    pixels[at + 2] = blue;
  }

  private static byte toByte(float value) {
    return (byte) (int) (Math.max(0, Math.min(1, value)) * TO_BYTE);
  }
}
