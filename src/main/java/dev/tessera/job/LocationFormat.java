package dev.tessera.job;

import dev.tessera.dataset.Location;
import java.util.List;

/** {@code dataset.format}: which kind of {@link Location} the places of images are. */
enum LocationFormat {
  FOLDER,
  IDX,
  CIFAR,
  MANIFEST,
  PARQUET,
  TABLE,
  TAR,
  TFRECORD;

  static LocationFormat of(Location location) {
    return location.accept(new FormatOf());
  }

  /** The place as its key takes it. */
  static String hocon(Location location) {
    return location.accept(new Written());
  }

  private static final class FormatOf implements Location.Visitor<LocationFormat> {
    @Override
    public LocationFormat folder(Location.Folder folder) {
      return FOLDER;
    }

    @Override
    public LocationFormat idx(Location.Idx idx) {
      return IDX;
    }

    @Override
    public LocationFormat cifar(Location.Cifar cifar) {
      return CIFAR;
    }

    @Override
    public LocationFormat manifest(Location.Manifest manifest) {
      return MANIFEST;
    }

    @Override
    public LocationFormat parquet(Location.Parquet parquet) {
      return PARQUET;
    }

    @Override
    public LocationFormat table(Location.Table table) {
      return TABLE;
    }

    @Override
    public LocationFormat tar(Location.Tar tar) {
      return TAR;
    }

    @Override
    public LocationFormat tfrecord(Location.TfRecord tfrecord) {
      return TFRECORD;
    }
  }

  private static final class Written implements Location.Visitor<String> {
    @Override
    public String folder(Location.Folder folder) {
      return HoconWriter.quoted(folder.path());
    }

    @Override
    public String idx(Location.Idx idx) {
      return "{ images = "
          + HoconWriter.quoted(idx.images())
          + ", labels = "
          + HoconWriter.quoted(idx.labels())
          + " }";
    }

    @Override
    public String cifar(Location.Cifar cifar) {
      return new TextList().write(cifar.files());
    }

    @Override
    public String manifest(Location.Manifest manifest) {
      return HoconWriter.quoted(manifest.path());
    }

    @Override
    public String parquet(Location.Parquet parquet) {
      return paths(parquet.paths());
    }

    @Override
    public String table(Location.Table table) {
      return HoconWriter.quoted(table.table());
    }

    @Override
    public String tar(Location.Tar tar) {
      return paths(tar.paths());
    }

    @Override
    public String tfrecord(Location.TfRecord tfrecord) {
      return paths(tfrecord.paths());
    }

    private static String paths(List<String> paths) {
      return paths.size() == 1 ? HoconWriter.quoted(paths.get(0)) : new TextList().write(paths);
    }
  }
}
