package dev.tessera.dataset;

import dev.tessera.error.JobException;
import org.apache.hadoop.fs.Path;

/** Hadoop paths as a job writes them. */
final class Stores {
  private Stores() {}

  /**
   * @throws JobException if the text is no path
   */
  static Path path(String where, String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new JobException(
          where
              + ": not a path ("
              + e.getMessage()
              + "). Write /folder/file or scheme://host/file.",
          e);
    }
  }
}
