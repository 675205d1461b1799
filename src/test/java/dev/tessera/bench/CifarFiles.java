package dev.tessera.bench;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes files in the binary format of CIFAR-10: noise, brighter the higher the class. */
final class CifarFiles {
  static final int SIDE = 32;

  private CifarFiles() {}

  /** A file of {@code examples} records: the path, then their number. */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
  }

  static void write(Path file, int examples) throws IOException {
    byte[] record = new byte[1 + 3 * SIDE * SIDE];
    RandomStream random = RandomStream.of(1, Purpose.AUGMENTATION);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int e = 0; e < examples; e++) {
        record[0] = (byte) (e % 10);
        for (int i = 1; i < record.length; i++) {
          record[i] = (byte) (random.nextInt(160) + 10 * record[0]);
        }
        out.write(record);
      }
    }
  }
}
