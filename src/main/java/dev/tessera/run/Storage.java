package dev.tessera.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The few file operations a run needs, over whatever file system the run folder lies on. Paths are
 * absolute or as the file system resolves them, with {@code /} between their parts.
 */
public interface Storage {
  /** Opens a new file, replacing one of that name; folders above it are made. */
  OutputStream create(String path) throws IOException;

  /**
   * Opens a new file; folders above it are made. Of several that try at once, one gets it.
   *
   * @throws IOException if there is one of that name
   */
  OutputStream createNew(String path) throws IOException;

  /**
   * Opens a file for reading.
   *
   * @throws java.io.FileNotFoundException if there is none
   */
  InputStream open(String path) throws IOException;

  boolean exists(String path) throws IOException;

  /** Puts a file in the place of another, or of none, in one step where the file system can. */
  void replace(String from, String to) throws IOException;

  /** Deletes a file, or an empty folder, if it is there. */
  void delete(String path) throws IOException;

  /** Names of what lies in a folder, in any order; none if there is no such folder. */
  List<String> list(String folder) throws IOException;
}
