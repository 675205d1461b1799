package dev.tessera.job;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.Map;

/**
 * Where a value was written: a line of a file, or a {@code --set} of the command line.
 *
 * @param source file as the user named it, or the whole {@code --set key=value}
 * @param line from 1; 0 if only the source is known
 */
record Place(String source, int line) {
  private static final String OVERRIDE = "--set ";

  static Place of(ConfigOrigin origin) {
    int line = Math.max(0, origin.lineNumber());
    String file = origin.filename();
    if (file != null) {
      return new Place(file, line);
    }
    String description = origin.description();
    String suffix = ": " + line;
    if (line > 0 && description.endsWith(suffix)) {
      description = description.substring(0, description.length() - suffix.length());
    }
    return new Place(description, line);
  }

  /**
   * Objects that were merged from several places have no line of their own: their first entry's is
   * taken.
   */
  static Place of(ConfigValue value) {
    Place own = of(value.origin());
    if (own.isExact() || !(value instanceof Map<?, ?> entries)) {
      return own;
    }
    return entries.values().stream()
        .map(entry -> of((ConfigValue) entry))
        .filter(Place::isExact)
        .min(Comparator.comparing(Place::source).thenComparing(Place::line))
        .orElse(own);
  }

  static String override(String text) {
    return OVERRIDE + text;
  }

  boolean isOverride() {
    return source.startsWith(OVERRIDE);
  }

  boolean isExact() {
    return isOverride() || (line > 0 && !source.startsWith("merge of "));
  }

  /** Whether this is {@code --set} of exactly that key, so that its value need not be repeated. */
  boolean isOverrideOf(String path) {
    return source.startsWith(OVERRIDE + path + "=");
  }

  @Override
  public String toString() {
    return isOverride() || line == 0 ? source : source + ":" + line;
  }
}
