package dev.tessera.dataset;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A location whose relative paths are those of the driver: executors on this machine or another
 * have working folders of their own. What is absolute, or no path at all, stays as the job has it.
 */
record AbsolutePaths(Configuration configuration) implements Location.Visitor<Location> {
  @Override
  public Location folder(Location.Folder folder) {
    return new Location.Folder(absolute(folder.path()));
  }

  @Override
  public Location idx(Location.Idx idx) {
    return new Location.Idx(absolute(idx.images()), absolute(idx.labels()), idx.classNames());
  }

  @Override
  public Location cifar(Location.Cifar cifar) {
    List<String> files = cifar.files().stream().map(this::absolute).toList();
    return new Location.Cifar(files, cifar.classes(), cifar.classNames());
  }

  private String absolute(String text) {
    try {
      Path path = new Path(text);
      if (path.toUri().getScheme() != null || path.isUriPathAbsolute()) {
        return text;
      }
      return FileSystem.get(configuration).makeQualified(path).toString();
    } catch (IOException | IllegalArgumentException e) {
      // Opening it says what is wrong with it, and with the setting's name.
      return text;
    }
  }
}
