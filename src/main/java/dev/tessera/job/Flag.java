package dev.tessera.job;

import com.typesafe.config.ConfigValue;

/** Yes or no. */
final class Flag implements ValueType<Boolean> {
  @Override
  public String noun() {
    return "flag";
  }

  @Override
  public String range() {
    return "true or false";
  }

  @Override
  public String advice(String unit) {
    return "Use " + range();
  }

  @Override
  public Boolean read(ConfigValue value) throws WrongValue {
    String text = String.valueOf(value.unwrapped());
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    throw wrongType(value);
  }

  @Override
  public String write(Boolean value) {
    return value.toString();
  }
}
