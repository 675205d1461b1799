package dev.tessera.engine.nd4j;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Remembers the last bytes that went through it. A zip's reader stops before the directory at its
 * end; only the end record tells a whole file from a cut one.
 */
final class TailStream extends FilterInputStream {
  private static final int END_RECORD = 22;

  private final byte[] last = new byte[END_RECORD];
  private long count;

  TailStream(InputStream source) {
    super(source);
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    if (value >= 0) {
      last[(int) (count++ % END_RECORD)] = (byte) value;
    }
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = in.read(target, offset, length);
    for (int i = Math.max(0, read - END_RECORD); i < read; i++) {
      last[(int) ((count + i) % END_RECORD)] = target[offset + i];
    }
    count += Math.max(0, read);
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    return readNBytes((int) Math.min(n, END_RECORD)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads on to the end; whether the last bytes are a zip's end record without a comment. */
  boolean endsAsZip() throws IOException {
    transferTo(java.io.OutputStream.nullOutputStream());
    return count >= END_RECORD
        && at(0) == 'P'
        && at(1) == 'K'
        && at(2) == 5
        && at(3) == 6
        && at(20) == 0
        && at(21) == 0;
  }

  private byte at(int index) {
    return last[(int) ((count + index) % END_RECORD)];
  }
}
