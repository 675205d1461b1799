package dev.tessera.image.augment;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.Arrays;
import java.util.HexFormat;

/** Pictures to change. */
public final class Pictures {
  private Pictures() {}

  /** Byte k is (53 k + 17) mod 256. */
  static byte[] stripes(Shape.Image shape) {
    byte[] pixels = new byte[shape.size()];
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = (byte) (53 * k + 17);
    }
    return pixels;
  }

  static byte[] even(Shape.Image shape, int value) {
    byte[] pixels = new byte[shape.size()];
    Arrays.fill(pixels, (byte) value);
    return pixels;
  }

  /** Random pictures, labelled 0, 1, 2, ... */
  public static Minibatch random(Shape.Image shape, int size) {
    RandomStream random = RandomStream.of(5, Purpose.EXAMPLE_ORDER);
    byte[][] pictures = new byte[size][shape.size()];
    for (byte[] picture : pictures) {
      for (int i = 0; i < picture.length; i++) {
        picture[i] = (byte) random.nextInt(256);
      }
    }
    return minibatch(shape, pictures);
  }

  /** These pictures, labelled 0, 1, 2, ... */
  static Minibatch minibatch(Shape.Image shape, byte[]... pictures) {
    byte[] pixels = new byte[pictures.length * shape.size()];
    int[] labels = new int[pictures.length];
    String[] origins = new String[pictures.length];
    for (int i = 0; i < pictures.length; i++) {
      System.arraycopy(pictures[i], 0, pixels, i * shape.size(), shape.size());
      labels[i] = i;
      origins[i] = "picture " + i;
    }
    PixelBlock block = new PixelBlock(shape, pixels, labels, origins);
    Minibatch minibatch = new Minibatch(shape, pictures.length);
    for (int i = 0; i < pictures.length; i++) {
      minibatch.add(block, i);
    }
    return minibatch;
  }

  static byte[] of(Minibatch minibatch, int example) {
    int size = minibatch.shape().size();
    return Arrays.copyOfRange(minibatch.pixels(), example * size, (example + 1) * size);
  }

  static String hex(byte[] pixels) {
    return HexFormat.of().formatHex(pixels);
  }

  static int at(byte[] pixels, Shape.Image shape, int y, int x) {
    return pixels[(y * shape.width() + x) * shape.channels()] & 0xff;
  }
}
