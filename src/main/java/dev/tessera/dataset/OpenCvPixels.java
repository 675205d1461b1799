package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import dev.tessera.network.Shape;

/** Pixels as Spark's image reader has them: OpenCV's types, blue first. */
final class OpenCvPixels {
  private static final int UNDEFINED = -1;
  private static final int GREY = 0;
  private static final int BGR = 16;
  private static final int BGRA = 24;

  private OpenCvPixels() {}

  /**
   * The example with red first, alpha over black. Without bytes where the reader could not decode
   * the picture, or bytes are missing: it then counts as a bad image.
   *
   * @throws JobException if pixels are of a type that Spark's reader does not make
   */
  static EncodedExample example(
      String where, String origin, byte[] data, int height, int width, int mode) {
    if (mode == UNDEFINED) {
      return EncodedExample.file(origin, new byte[0]);
    }
    int channels = channels(where, origin, mode);
    if (height < 1 || width < 1 || (long) height * width * channels != data.length) {
      return EncodedExample.file(origin, new byte[0]);
    }
    byte[] pixels = mode == GREY ? data : mode == BGR ? swapped(data) : blended(data);
    return EncodedExample.pixels(
        origin, pixels, new Shape.Image(height, width, mode == GREY ? 1 : 3));
  }

  private static int channels(String where, String origin, int mode) {
    return switch (mode) {
      case GREY -> 1;
      case BGR -> 3;
      case BGRA -> 4;
      default ->
          throw new JobException(
              where
                  + ": "
                  + Printable.of(origin)
                  + " has pixels of OpenCV's type "
                  + mode
                  + ". Read are 0 (grey), 16 (blue, green, red) and 24 (with alpha), of eight bits:"
                  + " what Spark's image reader gives.");
    };
  }

  private static byte[] swapped(byte[] data) {
    byte[] pixels = new byte[data.length];
    for (int i = 0; i < data.length; i += 3) {
      pixels[i] = data[i + 2];
      pixels[i + 1] = data[i + 1];
      pixels[i + 2] = data[i];
    }
    return pixels;
  }

  private static byte[] blended(byte[] data) {
    byte[] pixels = new byte[data.length / 4 * 3];
    for (int from = 0, to = 0; from < data.length; from += 4, to += 3) {
      int alpha = data[from + 3] & 0xff;
      pixels[to] = times(data[from + 2], alpha);
      pixels[to + 1] = times(data[from + 1], alpha);
      pixels[to + 2] = times(data[from], alpha);
    }
    return pixels;
  }

  private static byte times(byte value, int alpha) {
    return (byte) (((value & 0xff) * alpha + 127) / 255);
  }
}
