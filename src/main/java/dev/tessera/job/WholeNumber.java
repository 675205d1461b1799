package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.util.function.LongFunction;

/** A whole number between two bounds, both included. */
final class WholeNumber<T extends Number> implements ValueType<T> {
  private final long min;
  private final long max;
  private final LongFunction<T> narrow;

  private WholeNumber(long min, long max, LongFunction<T> narrow) {
    this.min = min;
    this.max = max;
    this.narrow = narrow;
  }

  static WholeNumber<Integer> from(int min, int max) {
    return new WholeNumber<>(min, max, Math::toIntExact);
  }

  static WholeNumber<Long> fromLong(long min, long max) {
    return new WholeNumber<>(min, max, value -> value);
  }

  @Override
  public String noun() {
    return "whole number";
  }

  @Override
  public String range() {
    return min == Long.MIN_VALUE && max == Long.MAX_VALUE ? "any of 64 bits" : min + " to " + max;
  }

  @Override
  public T read(ConfigValue value) throws WrongValue {
    if (Numbers.of(value).isEmpty()) {
      throw wrongType(value);
    }
    BigDecimal number = Numbers.exact(value);
    if (number.compareTo(BigDecimal.valueOf(min)) < 0) {
      throw new WrongValue("below the smallest allowed value, " + min);
    }
    if (number.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw new WrongValue("above the largest allowed value, " + max);
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw new WrongValue("a fraction where a whole number belongs");
    }
    return narrow.apply(number.longValueExact());
  }

  @Override
  public String write(T value) {
    return value.toString();
  }
}
