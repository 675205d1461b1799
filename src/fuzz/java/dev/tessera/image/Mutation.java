package dev.tessera.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** A damaged file: a pure function of the good ones and a random generator. */
final class Mutation {
  private static final int[] ODD_VALUES = {
    0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, -2, -1
  };
  private static final int MAX_CHANGES = 6;

  private final List<byte[]> files;
  private final RandomGenerator random;

  Mutation(List<byte[]> files, RandomGenerator random) {
    this.files = files;
    this.random = random;
  }

  byte[] next() {
    byte[] file = any().clone();
    int changes = 1 + random.nextInt(MAX_CHANGES);
    for (int i = 0; i < changes; i++) {
      file = file.length == 0 ? any().clone() : changed(file);
    }
    // Else libpng refuses what was changed before it looks at it.
    if (random.nextInt(4) > 0) {
      repairChecksums(file);
    }
    return file;
  }

  private byte[] any() {
    return files.get(random.nextInt(files.size()));
  }

  private byte[] changed(byte[] file) {
    // Headers are small, and where the trouble is.
    int reach = random.nextBoolean() ? Math.min(file.length, 128) : file.length;
    int at = random.nextInt(reach);
    return switch (random.nextInt(9)) {
      case 0, 1 -> with(file, at, file[at] ^ 1 << random.nextInt(8));
      case 2 -> with(file, at, random.nextInt(256));
      case 3, 4 -> withNumber(file, at);
      case 5 -> Arrays.copyOf(file, random.nextInt(file.length));
      case 6 -> withoutBlock(file, at);
      case 7 -> withBlockTwice(file, at);
      default -> spliced(file, any(), at);
    };
  }

  private static byte[] with(byte[] file, int at, int value) {
    file[at] = (byte) value;
    return file;
  }

  private byte[] withNumber(byte[] file, int at) {
    int value = ODD_VALUES[random.nextInt(ODD_VALUES.length)];
    int size = 1 << random.nextInt(3);
    boolean bigEndian = random.nextBoolean();
    for (int i = 0; i < size && at + i < file.length; i++) {
      int place = bigEndian ? size - 1 - i : i;
      file[at + i] = (byte) (value >> (8 * place));
    }
    return file;
  }

  private byte[] withoutBlock(byte[] file, int at) {
    int end = Math.min(file.length, at + 1 + random.nextInt(64));
    return joined(Arrays.copyOf(file, at), Arrays.copyOfRange(file, end, file.length));
  }

  private byte[] withBlockTwice(byte[] file, int at) {
    int end = Math.min(file.length, at + 1 + random.nextInt(256));
    return joined(Arrays.copyOf(file, end), Arrays.copyOfRange(file, at, file.length));
  }

  private static byte[] spliced(byte[] file, byte[] other, int at) {
    return joined(
        Arrays.copyOf(file, at),
        Arrays.copyOfRange(other, Math.min(at, other.length), other.length));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void repairChecksums(byte[] file) {
    if (!new HeaderBytes(file, file.length, true).startsWith(1, "PNG")) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(file);
    CRC32 checksum = new CRC32();
    long at = 8;
    while (at + 12 <= file.length) {
      long length = bytes.getInt((int) at) & 0xffffffffL;
      if (at + 12 + length > file.length) {
        return;
      }
      checksum.reset();
      checksum.update(file, (int) at + 4, (int) length + 4);
      bytes.putInt((int) (at + 8 + length), (int) checksum.getValue());
      at += 12 + length;
    }
  }
}
