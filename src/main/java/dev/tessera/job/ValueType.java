package dev.tessera.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import java.util.Locale;

/** What a key takes: how to read it, how to write it, and what to call it. */
interface ValueType<T> {
  /** For example {@code whole number}; stands after "a". */
  String noun();

  /** Allowed values as they stand in the documentation, for example {@code 1 to 4096}. */
  String range();

  T read(ConfigValue value) throws WrongValue;

  /** As HOCON; {@link #read} gives the value back. */
  String write(T value);

  /** "Use a whole number of pixels from 1 to 4096". */
  default String advice(String unit) {
    String of = unit.isEmpty() ? "" : " of " + unit;
    String within = range().isEmpty() ? "" : ", " + range();
    return "Use a " + noun() + of + within;
  }

  /** "a string where a whole number belongs". */
  default WrongValue wrongType(ConfigValue value) {
    return new WrongValue(describe(value) + " where a " + noun() + " belongs");
  }

  /** What a value is, with its article. */
  static String describe(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "an object { ... }";
      case LIST -> "a list of " + ((ConfigList) value).size();
      default -> "a " + value.valueType().name().toLowerCase(Locale.ROOT);
    };
  }
}
