package dev.tessera.job;

import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;

/** Text of at least one character. Numbers and flags count as the text they are written as. */
final class Text implements ValueType<String> {
  private final String noun;

  private Text(String noun) {
    this.noun = noun;
  }

  static Text of() {
    return new Text("text");
  }

  /** A file or folder of any Hadoop file system. */
  static Text path() {
    return new Text("path");
  }

  @Override
  public String noun() {
    return noun;
  }

  @Override
  public String range() {
    return noun.equals("path")
        ? "of this machine, or `hdfs:`, `s3a:`, ..."
        : "of at least one character";
  }

  @Override
  public String advice(String unit) {
    return "Use a " + noun + " " + range();
  }

  @Override
  public String read(ConfigValue value) throws WrongValue {
    String text =
        switch (value.valueType()) {
          case STRING, NUMBER, BOOLEAN -> value.atKey("text").getString("text");
          default -> throw wrongType(value);
        };
    if (text.isBlank()) {
      throw new WrongValue("empty");
    }
    return text;
  }

  @Override
  public String write(String value) {
    return ConfigUtil.quoteString(value);
  }
}
