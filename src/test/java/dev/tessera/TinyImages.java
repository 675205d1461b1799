package dev.tessera;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * Small pictures that a small network can tell apart: bright bars, upright or lying, at random
 * places in noise.
 */
public final class TinyImages {
  public static final int SIDE = 12;

  private TinyImages() {}

  /**
   * Writes {@code images.gz} and {@code labels.gz} in MNIST's format; label = direction of the bar
   * + 2 x its brightness for four classes.
   */
  public static void writeIdx(Path folder, int count, int classes, long seed) throws IOException {
    RandomStream random = RandomStream.of(seed, Purpose.AUGMENTATION, count);
    write(folder, count, classes, image -> picture(random, image % classes));
  }

  /** The same of pictures that are all one brightness, as a byte. */
  public static void writeIdx(Path folder, int count, int classes, IntUnaryOperator brightness)
      throws IOException {
    write(
        folder,
        count,
        classes,
        image -> {
          byte[] picture = new byte[SIDE * SIDE];
          Arrays.fill(picture, (byte) brightness.applyAsInt(image));
          return picture;
        });
  }

  private static void write(Path folder, int count, int classes, IntFunction<byte[]> pictures)
      throws IOException {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    DataOutputStream images = new DataOutputStream(pixels);
    DataOutputStream classesOut = new DataOutputStream(labels);
    images.writeInt(0x803);
    images.writeInt(count);
    images.writeInt(SIDE);
    images.writeInt(SIDE);
    classesOut.writeInt(0x801);
    classesOut.writeInt(count);
    for (int i = 0; i < count; i++) {
      int label = i % classes;
      images.write(pictures.apply(i));
      classesOut.writeByte(label);
    }
    Files.createDirectories(folder);
    write(folder.resolve("images.gz"), pixels.toByteArray());
    write(folder.resolve("labels.gz"), labels.toByteArray());
  }

  /** One picture of that class, SIDE x SIDE x 1. */
  public static byte[] picture(RandomStream random, int label) {
    byte[] picture = new byte[SIDE * SIDE];
    for (int p = 0; p < picture.length; p++) {
      picture[p] = (byte) random.nextInt(60);
    }
    int place = 1 + random.nextInt(SIDE - 2);
    int brightness = label < 2 ? 250 : 130;
    for (int along = 0; along < SIDE; along++) {
      picture[label % 2 == 0 ? place * SIDE + along : along * SIDE + place] = (byte) brightness;
    }
    return picture;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes);
    }
  }
}
