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
    return new Location.Idx(absolute(idx.images()), absolute(idx.labels()), absolute(idx.names()));
  }

  @Override
  public Location cifar(Location.Cifar cifar) {
    return new Location.Cifar(absolute(cifar.files()), cifar.classes(), absolute(cifar.names()));
  }

  @Override
  public Location manifest(Location.Manifest manifest) {
    return new Location.Manifest(
        absolute(manifest.path()),
        manifest.pathColumn(),
        manifest.labelColumn(),
        absolute(manifest.names()));
  }

  @Override
  public Location parquet(Location.Parquet parquet) {
    return new Location.Parquet(
        absolute(parquet.paths()), parquet.columns(), absolute(parquet.names()));
  }

  @Override
  public Location table(Location.Table table) {
    return new Location.Table(table.table(), table.columns(), absolute(table.names()));
  }

  @Override
  public Location tar(Location.Tar tar) {
    return new Location.Tar(absolute(tar.paths()), tar.labelField(), absolute(tar.names()));
  }

  @Override
  public Location tfrecord(Location.TfRecord tfrecord) {
    return new Location.TfRecord(
        absolute(tfrecord.paths()),
        tfrecord.imageFeature(),
        tfrecord.labelFeature(),
        absolute(tfrecord.names()));
  }

  private ClassNames absolute(ClassNames names) {
    return names.file() == null ? names : names.withFile(absolute(names.file()));
  }

  private List<String> absolute(List<String> paths) {
    return paths.stream().map(this::absolute).toList();
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
