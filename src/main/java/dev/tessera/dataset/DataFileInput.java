package dev.tessera.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/** A {@link DataFile} being read, counting bytes. Stays on its thread. */
final class DataFileInput implements AutoCloseable {
  private final DataFile file;
  private final InputStream in;
  private final long length;
  private long position;

  DataFileInput(DataFile file, InputStream in, long length) {
    this.file = file;
    this.in = in;
    this.length = length;
  }

  /** True where the length is known only at the end. */
  boolean isPacked() {
    return length < 0;
  }

  /** Bytes of a plain file. */
  long length() {
    return length;
  }

  /** Unpacked bytes read. */
  long position() {
    return position;
  }

  /**
   * The bytes from here on, for readers of their own: not counted, and failures are the stream's.
   * {@code skip} does not read what it passes over where the store can do without.
   */
  InputStream stream() {
    return in;
  }

  /** Fills the array; fewer bytes come only at the end of the file. @return bytes read */
  int read(byte[] target) {
    int filled = 0;
    try {
      while (filled < target.length) {
        int count = in.read(target, filled, target.length - filled);
        if (count < 0) {
          break;
        }
        filled += count;
        position += count;
      }
    } catch (EOFException e) {
      // Gzip cut short: to the caller an end that comes too early, like that of a plain file.
      return filled;
    } catch (ZipException e) {
      throw file.damaged(e);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
    return filled;
  }

  /** Reads to the end. @return unpacked bytes of the whole file */
  long drain() {
    byte[] scratch = new byte[1 << 16];
    while (read(scratch) == scratch.length) {}
    return position;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
