package dev.tessera.dataset;

import java.io.Serializable;
import java.util.List;

/**
 * Where a set of images lies and in which format. Paths are Hadoop paths: {@code file:}, {@code
 * hdfs:}, {@code s3a:} alike.
 */
public sealed interface Location extends Serializable {

  <R> R accept(Visitor<R> visitor);

  /** What to do with a location of each format. */
  interface Visitor<R> {
    R folder(Folder folder);

    R idx(Idx idx);

    R cifar(Cifar cifar);
  }

  /** One folder a class, images below it at any depth. */
  record Folder(String path) implements Location {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.folder(this);
    }
  }

  /**
   * MNIST's format: one file of images, one of labels, each plain or gzip.
   *
   * @param classNames names of labels 0, 1, ...; empty: the numbers are the names
   */
  record Idx(String images, String labels, List<String> classNames) implements Location {
    public Idx {
      classNames = List.copyOf(classNames);
    }

    public Idx(String images, String labels) {
      this(images, labels, List.of());
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
   * @param classNames one a class; empty: the numbers are the names
   */
  record Cifar(List<String> files, int classes, List<String> classNames) implements Location {
    public Cifar {
      files = List.copyOf(files);
      classNames = List.copyOf(classNames);
      if (classes != 10 && classes != 100) {
        throw new IllegalArgumentException(
            "Invalid number of CIFAR classes " + classes + ": it is 10 or 100");
      }
      if (!classNames.isEmpty() && classNames.size() != classes) {
        throw new IllegalArgumentException(
            "Invalid class names: " + classNames.size() + " names for " + classes + " classes");
      }
    }

    public Cifar(List<String> files, int classes) {
      this(files, classes, List.of());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.cifar(this);
    }
  }
}
