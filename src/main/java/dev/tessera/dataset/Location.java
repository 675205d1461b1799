package dev.tessera.dataset;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a set of images lies and in which format. Paths are Hadoop paths: {@code file:}, {@code
 * hdfs:}, {@code s3a:} alike.
 */
public sealed interface Location extends Serializable {

  <R> R accept(Visitor<R> visitor);

  /** Names of classes 0, 1, ... as the job gives them. */
  ClassNames names();

  /** Those that stand in the job itself; empty: the data or a file tell. */
  default List<String> classNames() {
    return names().given();
  }

  /**
   * The path where the set may lie packed ({@link Preparation}) in place of the images themselves;
   * null where the job names several files, or none.
   */
  default @Nullable String packedPath() {
    return null;
  }

  /** The only one of several paths; null if there are more. */
  private static @Nullable String only(List<String> paths) {
    return paths.size() == 1 ? paths.get(0) : null;
  }

  /** What to do with a location of each format. */
  interface Visitor<R> {
    R folder(Folder folder);

    R idx(Idx idx);

    R cifar(Cifar cifar);

    R manifest(Manifest manifest);

    R parquet(Parquet parquet);

    R table(Table table);

    R tar(Tar tar);

    R tfrecord(TfRecord tfrecord);
  }

  /** One folder a class, images below it at any depth. */
  record Folder(String path) implements Location {
    @Override
    public ClassNames names() {
      return ClassNames.NONE;
    }

    @Override
    public String packedPath() {
      return path;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.folder(this);
    }
  }

  /**
   * MNIST's format: one file of images, one of labels, each plain or gzip.
   *
   * @param names of labels 0, 1, ...; none: the numbers are the names
   */
  record Idx(String images, String labels, ClassNames names) implements Location {
    public Idx(String images, String labels, List<String> classNames) {
      this(images, labels, ClassNames.of(classNames));
    }

    public Idx(String images, String labels) {
      this(images, labels, ClassNames.NONE);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.idx(this);
    }
  }

  /**
   * The binary version of CIFAR: records of one label byte (CIFAR-10) or a coarse and a fine label
   * byte (CIFAR-100, the fine one is used), then 32 x 32 pixels as a red, a green and a blue plane.
   *
   * @param files each plain or gzip; their last path components differ
   * @param classes 10 or 100
   * @param names one a class; none: the numbers are the names
   */
  record Cifar(List<String> files, int classes, ClassNames names) implements Location {
    public Cifar {
      files = List.copyOf(files);
      if (classes != 10 && classes != 100) {
        throw new IllegalArgumentException(
            "Invalid number of CIFAR classes " + classes + ": it is 10 or 100");
      }
      int given = names.given().size();
      if (given != 0 && given != classes) {
        throw new IllegalArgumentException(
            "Invalid class names: " + given + " names for " + classes + " classes");
      }
    }

    public Cifar(List<String> files, int classes, List<String> classNames) {
      this(files, classes, ClassNames.of(classNames));
    }

    public Cifar(List<String> files, int classes) {
      this(files, classes, ClassNames.NONE);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.cifar(this);
    }
  }

  /**
   * A text that lists paths and labels: CSV with a header line, or JSON lines; plain or gzip.
   *
   * @param pathColumn null: {@code path}, or the first column of a CSV without one
   * @param labelColumn null: {@code label}, or the second column of a CSV without one
   */
  record Manifest(
      String path, @Nullable String pathColumn, @Nullable String labelColumn, ClassNames names)
      implements Location {
    @Override
    public String packedPath() {
      return path;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.manifest(this);
    }
  }

  /**
   * Columns of a table, each a name or a path into structs ({@code image.path}); null: found by
   * name and type.
   *
   * @param origin what tells the images apart and decides splits
   */
  record Columns(@Nullable String image, @Nullable String label, @Nullable String origin)
      implements Serializable {
    public static final Columns FOUND = new Columns(null, null, null);
  }

  /**
   * Parquet files with images in a column.
   *
   * @param paths files, folders or globs
   */
  record Parquet(List<String> paths, Columns columns, ClassNames names) implements Location {
    public Parquet {
      paths = List.copyOf(paths);
    }

    @Override
    public @Nullable String packedPath() {
      return only(paths);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.parquet(this);
    }
  }

  /** A table or view that Spark SQL knows by name, with images in a column. */
  record Table(String table, Columns columns, ClassNames names) implements Location {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.table(this);
    }
  }

  /**
   * WebDataset's format: tar files, plain or gzip, in which the members of one example follow one
   * another and have equal names up to the first dot.
   *
   * @param paths files, folders or globs; last components of files differ
   * @param labelField of the {@code .json} member; null: the {@code .cls} member, else the field
   *     {@code label}
   */
  record Tar(List<String> paths, @Nullable String labelField, ClassNames names)
      implements Location {
    public Tar {
      paths = List.copyOf(paths);
    }

    @Override
    public @Nullable String packedPath() {
      return only(paths);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.tar(this);
    }
  }

  /**
   * TensorFlow's format: files of {@code tf.train.Example} records, plain or gzip.
   *
   * @param paths files, folders or globs; last components of files differ
   * @param imageFeature null: {@code image/encoded}
   * @param labelFeature null: {@code image/class/label}, else {@code image/class/text}
   */
  record TfRecord(
      List<String> paths,
      @Nullable String imageFeature,
      @Nullable String labelFeature,
      ClassNames names)
      implements Location {
    public TfRecord {
      paths = List.copyOf(paths);
    }

    @Override
    public @Nullable String packedPath() {
      return only(paths);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.tfrecord(this);
    }
  }
}
