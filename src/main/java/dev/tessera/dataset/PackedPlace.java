package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder of packed files. Every file is written beside its place and then renamed: what has its
 * name is whole.
 *
 * @param where what a message about it starts with
 * @param dir a Hadoop path
 */
record PackedPlace(String where, String dir) implements Serializable {
  static final String PLAN = "prepare.json";
  static final String MANIFEST = "manifest.json";
  static final String QUARANTINE = "quarantine";
  static final String DUPLICATES = "duplicates";

  private static final String BESIDE = ".tmp";

  Path root() {
    return Stores.path(where, dir);
  }

  /** A path in the folder; of the folder itself if the name is empty. */
  Path file(String name) {
    return name.isEmpty() ? root() : FolderSource.child(root(), name);
  }

  Path part(String set, int part) {
    return file(String.format(Locale.ROOT, "%s/part-%05d.parquet", set, part));
  }

  Path quarantine(String set, int part) {
    return file(String.format(Locale.ROOT, "%s/%s-%05d.parquet", QUARANTINE, set, part));
  }

  /** Hidden from whoever reads the folder; of no other writer. */
  static Path beside(Path file, long writer) {
    return new Path(file.getParent(), "_" + file.getName() + "." + writer + BESIDE);
  }

  FileSystem fileSystem(Configuration configuration) throws IOException {
    return Stores.fileSystem(where, root(), configuration);
  }

  /** Puts a file into its place; one that is there is of another attempt, and equal. */
  static void rename(FileSystem fileSystem, Path from, Path to) throws IOException {
    if (!renamed(fileSystem, from, to)) {
      fileSystem.delete(to, false);
      if (!renamed(fileSystem, from, to)) {
        throw new IOException("can't rename " + from + " to " + to);
      }
    }
  }

  /** False where a file is in the way: HDFS returns it, s3a throws it. */
  private static boolean renamed(FileSystem fileSystem, Path from, Path to) throws IOException {
    try {
      return fileSystem.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  boolean exists(String name, Configuration configuration) {
    try {
      return fileSystem(configuration).exists(file(name));
    } catch (IOException e) {
      throw failure("look for", file(name), e);
    }
  }

  /** The text of a file, null if there is none. */
  @Nullable String read(String name, Configuration configuration) {
    Path file = file(name);
    try (InputStream in = fileSystem(configuration).open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException e) {
      throw failure("read", file, e);
    }
  }

  void write(String name, String text, Configuration configuration) {
    Path file = file(name);
    try {
      FileSystem fileSystem = fileSystem(configuration);
      Path beside = beside(file, 0);
      try (OutputStream out = fileSystem.create(beside, true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      rename(fileSystem, beside, file);
    } catch (IOException e) {
      throw failure("write", file, e);
    }
  }

  void delete(String name, Configuration configuration) {
    try {
      fileSystem(configuration).delete(file(name), true);
    } catch (IOException e) {
      throw failure("remove", file(name), e);
    }
  }

  /** Names in a folder below, none if it is not there. */
  List<String> names(String folder, Configuration configuration) {
    List<String> names = new ArrayList<>();
    Path path = file(folder);
    try {
      for (FileStatus status : fileSystem(configuration).listStatus(path)) {
        names.add(status.getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failure("list", path, e);
    }
    return names;
  }

  /** What a kill left beside the files. */
  void removeRemains(String folder, Configuration configuration) {
    names(folder, configuration).stream()
        .filter(name -> name.startsWith("_") && name.endsWith(BESIDE))
        .forEach(name -> delete(folder + "/" + name, configuration));
  }

  /**
   * @throws JobException if something is there that nobody of us wrote
   */
  void requireFree(Configuration configuration) {
    names("", configuration).stream()
        .filter(name -> !name.startsWith("_"))
        .findFirst()
        .ifPresent(
            name -> {
              throw new JobException(
                  where
                      + ": there is something in this folder, and it was not prepared by Tessera ("
                      + name
                      + "). Give the packed files a folder of their own.");
            });
  }

  StorageException unreadable(Path file, Exception e) {
    return new StorageException(
        where
            + ": "
            + file
            + " can't be read: "
            + (e instanceof FileNotFoundException ? "there is no such file" : e.getMessage())
            + ". If executors run on other machines, the folder has to be on a file system that all of"
            + " them see. If the file is damaged, remove it and "
            + MANIFEST
            + ", and run tessera prepare again: it makes what is missing.",
        e);
  }

  StorageException failure(String what, Path file, IOException e) {
    return new StorageException(
        "Cannot "
            + what
            + " "
            + file
            + ": "
            + e.getMessage()
            + ". Check that the file system has room, can be reached, and lets this user write there;"
            + " then start again: what is whole stays.",
        e);
  }
}
