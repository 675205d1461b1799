package dev.tessera.job;

import com.typesafe.config.ConfigValue;

/** What a key takes that has a parser of its own. */
final class Group implements ValueType<String> {
  private final String noun;
  private final String range;

  private Group(String noun, String range) {
    this.noun = noun;
    this.range = range;
  }

  /**
   * @param range example or forms, as the documentation words them
   */
  static Group of(String noun, String range) {
    return new Group(noun, range);
  }

  /** A key of such values. */
  static Key<String> key(
      String name, String noun, String range, String fallbackText, String meaning) {
    return new Key<>(name, of(noun, range), "", fallbackText, "", meaning);
  }

  @Override
  public String noun() {
    return noun;
  }

  @Override
  public String range() {
    return range;
  }

  @Override
  public String advice(String unit) {
    return "Use " + range;
  }

  @Override
  public String read(ConfigValue value) {
    throw new IllegalStateException("A " + noun + " has a parser of its own");
  }

  @Override
  public String write(String value) {
    return value;
  }
}
