package dev.tessera.job;

import dev.tessera.dataset.Location;

/** {@code dataset.format}: which kind of {@link Location} the places of images are. */
enum LocationFormat {
  FOLDER,
  IDX,
  CIFAR;

  static LocationFormat of(Location location) {
    if (location instanceof Location.Folder) {
      return FOLDER;
    }
    return location instanceof Location.Idx ? IDX : CIFAR;
  }

  /** The place as its key takes it. */
  static String hocon(Location location) {
    if (location instanceof Location.Idx idx) {
      return "{ images = "
          + HoconWriter.quoted(idx.images())
          + ", labels = "
          + HoconWriter.quoted(idx.labels())
          + " }";
    }
    if (location instanceof Location.Cifar cifar) {
      return new TextList().write(cifar.files());
    }
    return HoconWriter.quoted(((Location.Folder) location).path());
  }
}
