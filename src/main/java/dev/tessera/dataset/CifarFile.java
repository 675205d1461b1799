package dev.tessera.dataset;

import dev.tessera.error.JobException;
import org.apache.hadoop.conf.Configuration;

/**
 * One file of CIFAR's binary version: records without a header, each one label byte (CIFAR-10) or a
 * coarse and a fine one (CIFAR-100), then 32 x 32 pixels as three planes. Stays on its thread.
 */
final class CifarFile implements AutoCloseable {
  static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;

  private final DataFile file;
  private final DataFileInput in;
  private final int classes;
  private final int labelBytes;
  private final byte[] record;
  private long number = -1;

  CifarFile(DataFile file, int classes, Configuration configuration) {
    this.file = file;
    this.classes = classes;
    labelBytes = labelBytes(classes);
    record = new byte[labelBytes + 3 * PLANE];
    in = file.open(configuration);
  }

  /**
   * Moves to the next record.
   *
   * @return false at the end of the file
   * @throws JobException if the file ends within a record or the label is out of range
   */
  boolean next() {
    int read = in.read(record);
    if (read == 0) {
      return false;
    }
    number++;
    if (read < record.length) {
      throw new JobException(
          String.format(
              "%s: the file is truncated, or no CIFAR-%d file: it has %d bytes%s, and records have"
                  + " %d, so the last one lacks %d. Copy or download it again, or check"
                  + " dataset.classes.",
              file.where(),
              classes,
              in.position(),
              in.isPacked() ? " after unpacking" : "",
              record.length,
              record.length - read));
    }
    requireLabel();
    return true;
  }

  /** Number of the record, from 0. */
  long number() {
    return number;
  }

  /** Label of the record; of CIFAR-100 the fine one. */
  int label() {
    return record[labelBytes - 1] & 0xff;
  }

  /** Pixels of the record, 32 x 32 x 3 with channels innermost, in a new array. */
  byte[] pixels() {
    byte[] pixels = new byte[3 * PLANE];
    for (int i = 0; i < PLANE; i++) {
      for (int c = 0; c < 3; c++) {
        pixels[3 * i + c] = record[labelBytes + c * PLANE + i];
      }
    }
    return pixels;
  }

  @Override
  public void close() {
    in.close();
  }

  private static int labelBytes(int classes) {
    return classes == 100 ? 2 : 1;
  }

  private void requireLabel() {
    if (label() >= classes) {
      throw new JobException(
          String.format(
              "%s: record %d has label %d, but CIFAR-%d has labels 0 to %d. Check dataset.classes,"
                  + " or download the file again.",
              file.where(), number, label(), classes, classes - 1));
    }
  }
}
