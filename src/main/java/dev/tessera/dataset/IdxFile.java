package dev.tessera.dataset;

import dev.tessera.error.JobException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * MNIST's IDX format, unsigned bytes: a magic number (type 8 and the number of dimensions), the
 * size of every dimension as 32-bit big-endian, then the records. Stays on its thread.
 */
final class IdxFile implements AutoCloseable {
  private static final int LABELS_MAGIC = 0x0801;
  private static final int IMAGES_MAGIC = 0x0803;

  private final DataFile file;
  private final DataFileInput in;
  private final int[] dimensions;
  private final int recordBytes;

  private IdxFile(DataFile file, DataFileInput in, boolean images) {
    this.file = file;
    this.in = in;
    this.dimensions = header(images);
    this.recordBytes = recordBytes();
    if (!in.isPacked()) {
      requireLength(in.length());
    }
  }

  /**
   * Opens a file of images. @throws JobException if it isn't one, or a plain file has another
   * length than its header says
   */
  static IdxFile images(DataFile file, Configuration configuration) {
    return open(file, configuration, true);
  }

  /** As {@link #images}, a file of labels. */
  static IdxFile labels(DataFile file, Configuration configuration) {
    return open(file, configuration, false);
  }

  private static IdxFile open(DataFile file, Configuration configuration, boolean images) {
    DataFileInput in = file.open(configuration);
    try {
      return new IdxFile(file, in, images);
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Number of records. */
  int count() {
    return dimensions[0];
  }

  /** Rows of an image. */
  int height() {
    return dimensions[1];
  }

  /** Columns of an image. */
  int width() {
    return dimensions[2];
  }

  /**
   * Fills the array with the bytes that follow.
   *
   * @throws JobException if the file ends before
   */
  void read(byte[] records) {
    if (in.read(records) < records.length) {
      requireLength(in.position());
    }
  }

  /** Every record at once. @throws JobException if the file is not as long as its header says */
  byte[] readAll() {
    // Not one array of the announced size: a damaged header may announce anything.
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] chunk = new byte[1 << 16];
    int read;
    do {
      read = in.read(chunk);
      all.write(chunk, 0, read);
    } while (read == chunk.length);
    requireLength(in.position());
    return all.toByteArray();
  }

  /**
   * Reads the rest of a gzip file, whose length shows only then.
   *
   * @throws JobException if it is not what the header says
   */
  void checkLength() {
    if (in.isPacked()) {
      requireLength(in.drain());
    }
  }

  @Override
  public void close() {
    in.close();
  }

  private int[] header(boolean images) {
    int rank = images ? 3 : 1;
    byte[] bytes = new byte[4 + 4 * rank];
    int read = in.read(bytes);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    requireMagic(header.getInt(), read, images);
    if (read < bytes.length) {
      throw new JobException(
          file.where()
              + ": the file is truncated: an IDX header has "
              + bytes.length
              + " bytes, the file has "
              + read
              + ". Copy or download it again.");
    }
    int[] sizes = IntStream.range(0, rank).map(i -> header.getInt()).toArray();
    for (int i = 0; i < rank; i++) {
      if (sizes[i] < (i == 0 ? 0 : 1)) {
        throw new JobException(
            file.where()
                + ": the header is damaged: dimension "
                + i
                + " is "
                + Integer.toUnsignedString(sizes[i])
                + ". Copy or download the file again.");
      }
    }
    return sizes;
  }

  private void requireMagic(int magic, int read, boolean images) {
    int expected = images ? IMAGES_MAGIC : LABELS_MAGIC;
    if (read >= 4 && magic == expected) {
      return;
    }
    boolean swapped = magic == (images ? LABELS_MAGIC : IMAGES_MAGIC);
    throw new JobException(
        String.format(
            "%s: not an IDX file of %s: %s, expected the magic number 0x%08x. %s",
            file.where(),
            images ? "images" : "labels",
            read < 4 ? "it has " + read + " bytes" : String.format("it starts with 0x%08x", magic),
            expected,
            swapped
                ? "It is one of " + (images ? "labels" : "images") + ": are the two swapped?"
                : "Check the path, or download the file again."));
  }

  private int recordBytes() {
    long bytes = 1;
    for (int i = 1; i < dimensions.length; i++) {
      bytes *= dimensions[i];
      if (bytes > Integer.MAX_VALUE) {
        throw new JobException(
            file.where() + ": the header is damaged: one record has more than 2 GB.");
      }
    }
    return (int) bytes;
  }

  private void requireLength(long found) {
    long expected = 4 + 4L * dimensions.length + (long) count() * recordBytes;
    if (found != expected) {
      throw new JobException(
          String.format(
              "%s: the file is %s: its header announces %d records of %d bytes, %d bytes in all,"
                  + " but it has %d bytes%s. Copy or download it again.",
              file.where(),
              found < expected ? "truncated" : "too long",
              count(),
              recordBytes,
              expected,
              found,
              in.isPacked() ? " after unpacking" : ""));
    }
  }
}
