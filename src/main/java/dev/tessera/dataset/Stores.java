package dev.tessera.dataset;

import dev.tessera.error.JobException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Hadoop paths as a job writes them. */
final class Stores {
  private Stores() {}

  /** A path as a job writes it. @throws JobException if the text is none */
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
   * The file system of a path, without Hadoop's own checksum files where it is the local one: they
   * fail for names with a colon, and for pictures that were edited since.
   *
   * @throws JobException if nothing on the class path knows the scheme, or there is no such host
   */
  static FileSystem fileSystem(String where, Path path, Configuration configuration)
      throws IOException {
    try {
      FileSystem fileSystem = path.getFileSystem(configuration);
      return fileSystem instanceof LocalFileSystem local ? local.getRaw() : fileSystem;
    } catch (UnsupportedFileSystemException e) {
      throw new JobException(
          where
              + ": no file system for the scheme \""
              + path.toUri().getScheme()
              + "\". Check the spelling, or add its connector with spark-submit --packages.",
          e);
    } catch (RuntimeException e) {
      // Known to Hadoop, but its class is missing (s3a); or the host has no address (hdfs).
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new JobException(
          where
              + ": can't be opened ("
              + cause.getMessage()
              + "). Check the host, or add the connector with spark-submit --packages, for s3a"
              + " org.apache.hadoop:hadoop-aws in the version of Spark's Hadoop.",
          e);
    }
  }
}
