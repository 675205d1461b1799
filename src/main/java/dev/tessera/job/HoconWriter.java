package dev.tessera.job;

import com.typesafe.config.ConfigUtil;

/** Writes a job as HOCON, one key a line. */
final class HoconWriter {
  private final StringBuilder text = new StringBuilder();
  private String indent = "";

  HoconWriter line(String line) {
    text.append(indent).append(line).append('\n');
    return this;
  }

  /** A group, or with {@code "name = ["} a list that {@code close("]")} ends. */
  HoconWriter open(String name) {
    line(name.endsWith("[") ? name : name + " {");
    indent += "  ";
    return this;
  }

  HoconWriter close() {
    return close("}");
  }

  HoconWriter close(String end) {
    indent = indent.substring(2);
    return line(end);
  }

  <T> HoconWriter put(Key<T> key, T value) {
    return put(key.name(), key.type().write(value));
  }

  HoconWriter put(String name, String hocon) {
    return line(name + " = " + hocon);
  }

  static String quoted(String text) {
    return ConfigUtil.quoteString(text);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
