package dev.tessera.image.augment;

/** Arithmetic of pixels of red, green and blue, as torchvision has it for bytes. */
final class Colors {
  static final int CHANNELS = 3;

  private Colors() {}

  /** Brightness of a pixel by ITU-R 601-2, cut to a whole number from 0 to 255. */
  static int gray(byte[] pixels, int at) {
    float red = 0.2989f * (pixels[at] & 0xff);
    float green = 0.587f * (pixels[at + 1] & 0xff);
    float blue = 0.114f * (pixels[at + 2] & 0xff);
    return (int) (red + green + blue);
  }

  /** Cut to a byte, fractions towards 0. */
  static byte cut(float value) {
    return (byte) (int) Math.max(0, Math.min(255, value));
  }
}
