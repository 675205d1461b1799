package dev.tessera.dataset;

import java.io.Serializable;

/**
 * What one task lists of a class.
 *
 * @param folder below the root, for example {@code cat/2024}
 * @param label of the class
 * @param deep with all that is below; false: without folders
 * @param slice of the folder's entries, by the hash of their names: those that are {@code slice}
 *     modulo {@code slices}
 */
record FolderPart(String folder, int label, boolean deep, int slice, int slices)
    implements Serializable {

  /** A folder with all that is below it. */
  static FolderPart whole(String folder, int label) {
    return new FolderPart(folder, label, true, 0, 1);
  }

  FolderPart withoutFolders() {
    return new FolderPart(folder, label, false, slice, slices);
  }

  FolderPart slice(int place, int count) {
    return new FolderPart(folder, label, deep, place, count);
  }

  boolean takes(String name) {
    return slices == 1 || Math.floorMod(name.hashCode(), slices) == slice;
  }
}
