package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import dev.tessera.network.Dense;

/** Number of a dense layer's outputs, or {@code classes}. */
final class Units implements ValueType<Integer> {
  private static final String CLASSES = "classes";
  private static final WholeNumber<Integer> COUNT = WholeNumber.from(1, 1_000_000);

  @Override
  public String noun() {
    return "whole number or the word classes";
  }

  @Override
  public String range() {
    return COUNT.range() + ", or classes";
  }

  @Override
  public String advice(String unit) {
    return "Use a whole number, " + COUNT.range() + ", or the word classes";
  }

  @Override
  public Integer read(ConfigValue value) throws WrongValue {
    if (CLASSES.equals(value.unwrapped())) {
      return Dense.CLASSES;
    }
    if (Numbers.of(value).isEmpty()) {
      throw wrongType(value);
    }
    return COUNT.read(value);
  }

  @Override
  public String write(Integer value) {
    return value == Dense.CLASSES ? CLASSES : value.toString();
  }
}
