package dev.tessera.dataset;

import java.io.Serializable;
import java.util.List;

/**
 * Where a set of images lies and in which format. Paths are Hadoop paths: {@code file:}, {@code
 * hdfs:}, {@code s3a:} alike.
 */
public sealed interface Location extends Serializable {

  /** One folder a class, images below it at any depth. */
  record Folder(String path) implements Location {}

  /** MNIST's format: one file of images, one of labels, each plain or gzip. */
  record Idx(String images, String labels) implements Location {}

  /**
   * The binary version of CIFAR: records of one label byte (CIFAR-10) or a coarse and a fine label
   * byte (CIFAR-100, the fine one is used), then 32 x 32 pixels as a red, a green and a blue plane.
   */
  record Cifar(List<String> files, int classes) implements Location {
    public Cifar {
      files = List.copyOf(files);
      if (classes != 10 && classes != 100) {
        throw new IllegalArgumentException(
            "Invalid number of CIFAR classes " + classes + ": it is 10 or 100");
      }
    }
  }
}
