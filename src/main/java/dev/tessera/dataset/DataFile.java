package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import dev.tessera.error.TesseraException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of records that a job names, plain or gzip.
 *
 * @param key the setting that names it, for messages
 * @param path a Hadoop path
 */
record DataFile(String key, String path) implements Serializable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** What a message about this file starts with. */
  String where() {
    return key + " = " + path;
  }

  /** Last component of the path. */
  String name() {
    return Stores.path(where(), path).getName();
  }

  /**
   * Opens the file from its start. Gzip is told by its first two bytes, not by the name.
   *
   * @throws JobException if there is no such file
   */
  DataFileInput open(Configuration configuration) {
    Path hadoopPath = Stores.path(where(), path);
    try {
      FileSystem fileSystem = Stores.fileSystem(where(), hadoopPath, configuration);
      FileStatus status = fileSystem.getFileStatus(hadoopPath);
      if (status.isDirectory()) {
        throw new JobException(where() + ": this is a folder. Name the file itself.");
      }
      return unpacked(fileSystem.open(hadoopPath), status.getLen());
    } catch (FileNotFoundException e) {
      throw new JobException(where() + ": there is no such file. Check the path.", e);
    } catch (ZipException e) {
      throw damaged(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private DataFileInput unpacked(FSDataInputStream raw, long length) throws IOException {
    try {
      InputStream in = new BufferedInputStream(new SeekingInput(raw, length), BUFFER_BYTES);
      in.mark(2);
      boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return gzip
          ? new DataFileInput(this, new GZIPInputStream(in, BUFFER_BYTES), -1)
          : new DataFileInput(this, in, length);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** Plain text of a failure while records are read: cut short, damaged gzip, or the store's. */
  TesseraException failed(IOException cause, long position) {
    if (cause instanceof EOFException) {
      return new JobException(
          where()
              + ": the file is truncated: it ends after byte "
              + position
              + ". Copy or download it again.",
          cause);
    }
    return cause instanceof ZipException zip ? damaged(zip) : unreadable(cause);
  }

  JobException damaged(ZipException cause) {
    return new JobException(
        where()
            + ": the gzip file is damaged ("
            + cause.getMessage()
            + "). Copy or download it again.",
        cause);
  }

  StorageException unreadable(IOException cause) {
    return new StorageException(where() + ": can't be read: " + cause.getMessage(), cause);
  }
}
