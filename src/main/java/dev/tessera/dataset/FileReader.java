package dev.tessera.dataset;

import dev.tessera.error.Printable;
import dev.tessera.error.StorageException;
import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ImageDecoder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Examples that are picture files of their own. */
final class FileReader implements ExampleReader {
  /** More than a picture of 100 million pixels has without any compression. */
  private static final int MAX_FILE_BYTES = 1 << 30;

  private static final int FIRST_BYTES = 1 << 20;

  /** At once: the JVM takes native memory of that size for every read from a local file. */
  private static final int READ_BYTES = 1 << 16;

  /** A larger buffer is not kept for the next file. */
  private static final int KEPT_BYTES = 64 << 20;

  private final String where;
  private final Function<String, Path> pathOfOrigin;
  private final List<ExampleRef> refs;
  private final Configuration configuration;
  private byte[] buffer = new byte[FIRST_BYTES];

  /**
   * Opens nothing yet.
   *
   * @param pathOfOrigin where an example lies; may refuse one with an IllegalArgumentException
   */
  FileReader(
      String where,
      Function<String, Path> pathOfOrigin,
      List<ExampleRef> refs,
      Configuration configuration) {
    this.where = where;
    this.pathOfOrigin = pathOfOrigin;
    this.refs = refs;
    this.configuration = configuration;
  }

  @Override
  public EncodedExample read(int place) throws DecodeFailure {
    String origin = refs.get(place).origin();
    int length = load(origin);
    byte[] file = Arrays.copyOf(buffer, length);
    if (buffer.length > KEPT_BYTES) {
      buffer = new byte[FIRST_BYTES];
    }
    return EncodedExample.file(origin, file);
  }

  @Override
  public void close() {}

  /** Reads the file into the buffer. @return its bytes */
  private int load(String origin) throws DecodeFailure {
    try {
      Path path = pathOfOrigin.apply(origin);
      try (InputStream in = Stores.fileSystem(where, path, configuration).open(path)) {
        return load(in);
      }
    } catch (FileNotFoundException | AccessControlException | ChecksumException e) {
      // The image's trouble: it will not go away by trying again.
      throw new DecodeFailure("the file can't be read: " + e.getMessage(), 0);
    } catch (IllegalArgumentException e) {
      throw new DecodeFailure("the store can't open a file of this name: " + e.getMessage(), 0);
    } catch (IOException e) {
      throw new StorageException(
          where + ": " + Printable.of(origin) + " can't be read: " + e.getMessage(), e);
    }
  }

  private int load(InputStream in) throws IOException, DecodeFailure {
    int length = 0;
    while (true) {
      int wanted = Math.min(READ_BYTES, buffer.length - length);
      int read = in.readNBytes(buffer, length, wanted);
      length += read;
      if (read < wanted) {
        return length;
      }
      if (length < buffer.length) {
        continue;
      }
      // Before more is read: a film among the pictures shall not cost its size.
      ImageDecoder.requirePicture(buffer, length);
      if (length >= MAX_FILE_BYTES) {
        throw DecodeFailure.of(
            "the file has more than " + MAX_FILE_BYTES + " bytes", buffer, length);
      }
      buffer = Arrays.copyOf(buffer, 2 * length);
    }
  }
}
