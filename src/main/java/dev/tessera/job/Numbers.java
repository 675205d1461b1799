package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Numbers in job files, as HOCON has them: {@code "3"} in quotes is a number too, as environment
 * variables are text.
 */
final class Numbers {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  private Numbers() {}

  /** The value's number, or none if it is something else. */
  static OptionalDouble of(ConfigValue value) {
    return switch (value.valueType()) {
      case NUMBER -> OptionalDouble.of(((Number) value.unwrapped()).doubleValue());
      case STRING -> ofText((String) value.unwrapped());
      default -> OptionalDouble.empty();
    };
  }

  /** The value's number, exactly; call it for numbers alone. */
  static BigDecimal exact(ConfigValue value) {
    return new BigDecimal(value.unwrapped().toString().trim());
  }

  private static OptionalDouble ofText(String text) {
    String trimmed = text.trim();
    return NUMBER.matcher(trimmed).matches()
        ? OptionalDouble.of(Double.parseDouble(trimmed))
        : OptionalDouble.empty();
  }

  /**
   * The shortest text that reads back as the same double: {@code 0.02}, {@code 3}, {@code 1e-8}.
   */
  static String text(double value) {
    String text = Double.toString(value).toLowerCase(Locale.ROOT);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text.replace(".0e", "e");
  }
}
