package dev.tessera.image;

import dev.tessera.network.Shape;
import java.util.Arrays;

/** One picture at a time, by a decoder of its own. */
final class Decoding {
  private Decoding() {}

  static byte[] decode(byte[] file, int height, int width, int channels) throws DecodeFailure {
    return decode(file, ImageSettings.of(new Shape.Image(height, width, channels)));
  }

  static byte[] decode(byte[] file, ImageSettings image) throws DecodeFailure {
    byte[] pixels = new byte[image.shape().size()];
    try (ImageDecoder decoder = new ImageDecoder(image)) {
      decoder.decode(file, file.length, pixels, 0);
    }
    return pixels;
  }

  /** Of three channels. */
  static double[] means(byte[] pixels) {
    double[] means = new double[3];
    for (int i = 0; i < pixels.length; i++) {
      means[i % 3] += (pixels[i] & 0xff) * 3.0 / pixels.length;
    }
    return Arrays.stream(means).map(mean -> Math.round(mean * 1e6) / 1e6).toArray();
  }
}
