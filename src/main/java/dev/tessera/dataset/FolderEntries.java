package dev.tessera.dataset;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

/**
 * What is in a folder, in no order, a page at a time: a folder may have a million files. Links are
 * followed.
 */
abstract class FolderEntries implements Closeable {

  /** What an entry is. */
  enum Kind {
    FILE,
    FOLDER,
    /** A link to nothing. */
    NOTHING
  }

  /** An entry of a folder. */
  record Entry(String name, Kind kind) {}

  /**
   * Opens a folder.
   *
   * @param wanted names of the entries to look at; of others nothing but the name is asked for
   */
  static FolderEntries open(
      FileSystem fileSystem, org.apache.hadoop.fs.Path folder, Predicate<String> wanted)
      throws IOException {
    return fileSystem instanceof RawLocalFileSystem local
        ? new Local(local.pathToFile(folder), wanted)
        : new Remote(fileSystem.listStatusIterator(folder), wanted);
  }

  /** The next entry, or null at the end. */
  abstract @Nullable Entry next() throws IOException;

  /**
   * Not Hadoop's way of listing: that one has all files of a folder in memory, leaves out links to
   * nothing, and takes ten times as long.
   */
  private static final class Local extends FolderEntries {
    private final DirectoryStream<Path> stream;
    private final Iterator<Path> paths;
    private final Predicate<String> wanted;

    @SuppressWarnings("StreamResourceLeak") // open from page to page, until close
    Local(File folder, Predicate<String> wanted) throws IOException {
      stream = Files.newDirectoryStream(folder.toPath());
      paths = stream.iterator();
      this.wanted = wanted;
    }

    @Override
    @Nullable Entry next() throws IOException {
      try {
        while (paths.hasNext()) {
          Path path = paths.next();
          String name = path.getFileName().toString();
          if (wanted.test(name)) {
            return new Entry(name, kind(path));
          }
        }
        return null;
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }

    private static Kind kind(Path path) {
      try {
        return Files.readAttributes(path, BasicFileAttributes.class).isDirectory()
            ? Kind.FOLDER
            : Kind.FILE;
      } catch (IOException e) {
        return Kind.NOTHING;
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  /** Any other store; none that Hadoop knows has links. */
  private static final class Remote extends FolderEntries {
    private final RemoteIterator<FileStatus> entries;
    private final Predicate<String> wanted;

    Remote(RemoteIterator<FileStatus> entries, Predicate<String> wanted) {
      this.entries = entries;
      this.wanted = wanted;
    }

    @Override
    @Nullable Entry next() throws IOException {
      while (entries.hasNext()) {
        FileStatus entry = entries.next();
        String name = entry.getPath().getName();
        if (wanted.test(name)) {
          return new Entry(name, entry.isDirectory() ? Kind.FOLDER : Kind.FILE);
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      if (entries instanceof Closeable closeable) {
        closeable.close();
      }
    }
  }
}
