package dev.tessera.dataset;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * The files of a part of a class, found one by one. What is passed over is listed as hidden: hidden
 * files and folders, links to nothing, and links to a folder that the walk is in. Of the file
 * systems that Hadoop knows the local one alone has links.
 */
final class FolderWalk extends FoundIterator<ExampleRef> implements AutoCloseable {
  private final FolderSource source;
  private final FileSystem fileSystem;
  private final Path root;
  private final FolderPart part;

  /** The folders that the walk is in, the innermost first. */
  private final Deque<Open> folders = new ArrayDeque<>();

  /** Canonical paths of the local folders between the root and where the walk is. */
  private final Set<String> above = new HashSet<>();

  private boolean started;

  FolderWalk(FolderSource source, FileSystem fileSystem, Path root, FolderPart part) {
    this.source = source;
    this.fileSystem = fileSystem;
    this.root = root;
    this.part = part;
  }

  /** Whether a folder is a link to one that it lies in. */
  static boolean leadsBack(FileSystem fileSystem, Path root, String folder) throws IOException {
    return fileSystem instanceof RawLocalFileSystem local
        && above(fileSystem, root, folder).contains(canonical(local, root, folder));
  }

  /** Canonical paths of the root and of the folders between it and this one. */
  private static Set<String> above(FileSystem fileSystem, Path root, String folder)
      throws IOException {
    Set<String> above = new HashSet<>();
    if (fileSystem instanceof RawLocalFileSystem local) {
      above.add(local.pathToFile(root).getCanonicalPath());
      for (int end = folder.indexOf('/'); end > 0; end = folder.indexOf('/', end + 1)) {
        above.add(canonical(local, root, folder.substring(0, end)));
      }
    }
    return above;
  }

  /**
   * A folder that is being listed.
   *
   * @param canonical its path without links where it is local, else null
   */
  private record Open(String folder, @Nullable String canonical, FolderEntries entries) {}

  @Override
  @Nullable ExampleRef find() {
    try {
      ExampleRef found = started ? null : start();
      while (found == null && !folders.isEmpty()) {
        Open folder = folders.element();
        FolderEntries.Entry entry = folder.entries().next();
        found = entry == null ? leave() : look(folder.folder() + "/" + entry.name(), entry);
      }
      return found;
    } catch (IOException e) {
      throw source.cantList(folders.isEmpty() ? part.folder() : folders.element().folder(), e);
    }
  }

  /** May be called twice. */
  @Override
  public void close() {
    try {
      while (!folders.isEmpty()) {
        leave();
      }
    } catch (IOException e) {
      throw source.cantList(part.folder(), e);
    }
  }

  private @Nullable ExampleRef start() throws IOException {
    started = true;
    above.addAll(above(fileSystem, root, part.folder()));
    return enter(part.folder());
  }

  private @Nullable ExampleRef look(String origin, FolderEntries.Entry entry) throws IOException {
    if (HiddenFiles.isHidden(entry.name()) || entry.kind() == FolderEntries.Kind.NOTHING) {
      return passOver(origin);
    }
    if (entry.kind() == FolderEntries.Kind.FILE) {
      return new ExampleRef(origin, part.label());
    }
    return part.deep() ? enter(origin) : null;
  }

  /** Null, or the folder itself where it is passed over. */
  private @Nullable ExampleRef enter(String folder) throws IOException {
    String canonical = null;
    if (fileSystem instanceof RawLocalFileSystem local) {
      canonical = canonical(local, root, folder);
      if (!above.add(canonical)) {
        // Of the slices of a part one says so.
        return !folders.isEmpty() || part.slice() == 0 ? passOver(folder) : null;
      }
    }
    folders.push(
        new Open(
            folder,
            canonical,
            FolderEntries.open(
                fileSystem,
                FolderSource.child(root, folder),
                folders.isEmpty() ? part::takes : name -> true)));
    return null;
  }

  private @Nullable ExampleRef leave() throws IOException {
    Open left = folders.pop();
    if (left.canonical() != null) {
      above.remove(left.canonical());
    }
    left.entries().close();
    return null;
  }

  private static String canonical(RawLocalFileSystem local, Path root, String folder)
      throws IOException {
    return local.pathToFile(FolderSource.child(root, folder)).getCanonicalPath();
  }

  private static ExampleRef passOver(String origin) {
    return new ExampleRef(origin, ExampleRef.HIDDEN);
  }
}
