package dev.tessera.dataset;

import java.util.Set;

/** Names that file managers, archives and Spark leave in folders, and that nobody means. */
final class HiddenFiles {
  private static final Set<String> NAMES = Set.of("Thumbs.db", "desktop.ini", "__MACOSX");

  private HiddenFiles() {}

  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_") || NAMES.contains(name);
  }
}
