package dev.tessera.image;

import java.util.Arrays;

/** What is around a picture that was made to fit. */
final class Padding {
  private Padding() {}

  /**
   * Lays a smaller picture into the shape.
   *
   * @param picture height x width x channels bytes of the framing's size
   */
  static void around(
      byte[] picture, Framing framing, ImageSettings image, byte[] target, int offset) {
    fill(image, target, offset);
    int channels = image.channels();
    int rowBytes = framing.toWidth() * channels;
    for (int y = 0; y < framing.toHeight(); y++) {
      int row = (framing.atTop() + y) * image.width() + framing.atLeft();
      System.arraycopy(picture, y * rowBytes, target, offset + row * channels, rowBytes);
    }
  }

  private static void fill(ImageSettings image, byte[] target, int offset) {
    Colour colour = image.resize().padding();
    int end = offset + image.shape().size();
    if (image.channels() == 1) {
      Arrays.fill(target, offset, end, (byte) colour.grey());
      return;
    }
    for (int at = offset; at < end; at += 3) {
      target[at] = (byte) colour.red();
      target[at + 1] = (byte) colour.green();
      target[at + 2] = (byte) colour.blue();
    }
  }
}
