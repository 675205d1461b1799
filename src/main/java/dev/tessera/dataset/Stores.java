package dev.tessera.dataset;

import dev.tessera.error.JobException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
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
      String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new JobException(
          where + ": not a path (" + reason + "). Write /folder/file or scheme://host/file.", e);
    }
  }

  /**
   * The same store, without Hadoop's own checksum files where it is the local one: they fail for
   * names with a colon, and for pictures that were edited since.
   */
  static FileSystem unchecked(FileSystem fileSystem) {
    return fileSystem instanceof LocalFileSystem local ? local.getRaw() : fileSystem;
  }
}
