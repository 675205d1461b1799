package dev.tessera.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A file whose {@code skip} moves instead of reading, which Hadoop's own does only here and there.
 */
final class SeekingInput extends FilterInputStream {
  private final FSDataInputStream file;
  private final long length;

  SeekingInput(FSDataInputStream file, long length) {
    super(file);
    this.file = file;
    this.length = length;
  }

  /** Not beyond the end: some stores fail there, others notice only when they read. */
  @Override
  public long skip(long bytes) throws IOException {
    long skipped = Math.max(0, Math.min(bytes, length - file.getPos()));
    if (skipped > 0) {
      file.seek(file.getPos() + skipped);
    }
    return skipped;
  }
}
