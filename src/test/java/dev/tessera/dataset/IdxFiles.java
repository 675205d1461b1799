package dev.tessera.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes small IDX files: picture i is constant i mod 251, its label i mod {@code classes}. */
final class IdxFiles {
  private IdxFiles() {}

  static Location.Idx write(Path folder, int count, int classes) {
    return write(folder, count, 3, 2, classes, false);
  }

  static Location.Idx write(
      Path folder, int count, int height, int width, int classes, boolean gzip) {
    String end = gzip ? ".gz" : "";
    Path images = folder.resolve("images-idx3-ubyte" + end);
    Path labels = folder.resolve("labels-idx1-ubyte" + end);
    write(images, gzip, images(count, height, width));
    write(labels, gzip, labels(count, classes));
    return new Location.Idx(images.toString(), labels.toString());
  }

  static byte[] images(int count, int height, int width) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + count * height * width);
    bytes.putInt(0x0803).putInt(count).putInt(height).putInt(width);
    for (int i = 0; i < count * height * width; i++) {
      bytes.put((byte) (i / (height * width) % 251));
    }
    return bytes.array();
  }

  static byte[] labels(int count, int classes) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + count);
    bytes.putInt(0x0801).putInt(count);
    for (int i = 0; i < count; i++) {
      bytes.put((byte) (i % classes));
    }
    return bytes.array();
  }

  static void write(Path file, boolean gzip, byte[] bytes) {
    try {
      Files.write(file, gzip ? gzip(bytes) : bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
