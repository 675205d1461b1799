package dev.tessera.dataset;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Lists the files of a class at any depth. What is passed over is listed as hidden: hidden files
 * and folders, links to nothing, and links to a folder that the walk is in. Of the file systems
 * that Hadoop knows the local one alone has links.
 */
final class FolderWalk {
  private final FileSystem fileSystem;
  private final Path root;
  private final int label;
  private final List<ExampleRef> refs = new ArrayList<>();

  /** Canonical paths of the local folders between the root and where the walk is. */
  private final Set<String> above = new HashSet<>();

  FolderWalk(FileSystem fileSystem, Path root, int label) {
    this.fileSystem = fileSystem;
    this.root = root;
    this.label = label;
  }

  /**
   * The files of a class.
   *
   * @param folder name of the class
   */
  List<ExampleRef> examples(String folder) throws IOException {
    if (fileSystem instanceof RawLocalFileSystem local) {
      above.add(local.pathToFile(root).getCanonicalPath());
    }
    list(folder);
    return List.copyOf(refs);
  }

  private void list(String folder) throws IOException {
    if (fileSystem instanceof RawLocalFileSystem local) {
      listLocal(folder, local.pathToFile(FolderSource.child(root, folder)));
    } else {
      listEntries(folder);
    }
  }

  private void listLocal(String folder, File file) throws IOException {
    String canonical = file.getCanonicalPath();
    if (!above.add(canonical)) {
      passOver(folder);
      return;
    }
    passOverDanglingLinks(folder, file);
    listEntries(folder);
    above.remove(canonical);
  }

  /** Hadoop leaves them out of its listing. */
  private void passOverDanglingLinks(String folder, File file) {
    String[] names = file.list();
    if (names == null) {
      return;
    }
    for (String name : names) {
      if (!new File(file, name).exists()) {
        passOver(folder + "/" + name);
      }
    }
  }

  /**
   * Not {@code listFiles(path, true)}: on the local file system that starts a process for every
   * file, to learn its permissions.
   */
  private void listEntries(String folder) throws IOException {
    RemoteIterator<FileStatus> entries =
        fileSystem.listStatusIterator(FolderSource.child(root, folder));
    while (entries.hasNext()) {
      FileStatus entry = entries.next();
      String name = entry.getPath().getName();
      String origin = folder + "/" + name;
      if (HiddenFiles.isHidden(name)) {
        passOver(origin);
      } else if (entry.isDirectory()) {
        list(origin);
      } else {
        refs.add(new ExampleRef(origin, label));
      }
    }
  }

  private void passOver(String origin) {
    refs.add(new ExampleRef(origin, ExampleRef.HIDDEN));
  }
}
