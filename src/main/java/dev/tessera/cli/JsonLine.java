package dev.tessera.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object on one line, in ASCII, whatever the encoding of the terminal. Written by hand:
 * that Spark is missing has to be said without the library that comes with it.
 */
final class JsonLine {
  private final StringBuilder text = new StringBuilder();

  JsonLine put(String name, @Nullable String value) {
    return value == null ? raw(name, "null") : raw(name, quoted(value));
  }

  JsonLine put(String name, long value) {
    return raw(name, Long.toString(value));
  }

  /** JSON has no NaN and no infinity: what is not finite becomes null, as in all files of a run. */
  JsonLine put(String name, double value) {
    return raw(name, Double.isFinite(value) ? Double.toString(value) : "null");
  }

  JsonLine put(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  private JsonLine raw(String name, String json) {
    text.append(text.isEmpty() ? "" : ",").append(quoted(name)).append(':').append(json);
    return this;
  }

  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      switch (character) {
        case '"', '\\' -> quoted.append('\\').append(character);
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default ->
            quoted.append(
                character >= ' ' && character <= '~'
                    ? Character.toString(character)
                    : String.format(Locale.ROOT, "\\u%04x", (int) character));
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return "{" + text + "}";
  }
}
