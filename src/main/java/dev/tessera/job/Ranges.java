package dev.tessera.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.tessera.image.augment.Range;

/** A range as two numbers, or as one that tells how far it goes to both sides of a middle. */
final class Ranges implements ValueType<Range> {
  private final Decimal bound;
  private final Decimal distance;
  private final double middle;
  private final double least;

  private Ranges(Decimal bound, Decimal distance, double middle, double least) {
    this.bound = bound;
    this.distance = distance;
    this.middle = middle;
    this.least = least;
  }

  /**
   * Of numbers from {@code least} to {@code most}; a number d alone is the range from {@code middle
   * - d}, but not below {@code least}, to {@code middle + d}.
   */
  static Ranges around(double middle, double least, double most) {
    return new Ranges(Decimal.from(least, most), Decimal.from(0, most - middle), middle, least);
  }

  @Override
  public String noun() {
    return "number or pair";
  }

  @Override
  public String range() {
    return distance.range() + ", or [least, largest], each " + bound.range();
  }

  @Override
  public Range read(ConfigValue value) throws WrongValue {
    if (value.valueType() == ConfigValueType.LIST) {
      return pair(value, this, bound);
    }
    if (Numbers.of(value).isEmpty()) {
      throw wrongType(value);
    }
    return around(distance.read(value));
  }

  private Range around(double number) {
    return new Range(Math.max(least, middle - number), middle + number);
  }

  @Override
  public String write(Range value) {
    double number = value.max() - middle;
    return number >= 0 && around(number).equals(value) ? bound.write(number) : text(value, bound);
  }

  private static Range pair(ConfigValue value, ValueType<Range> type, Decimal bound)
      throws WrongValue {
    if (value.valueType() != ConfigValueType.LIST || ((ConfigList) value).size() != 2) {
      throw type.wrongType(value);
    }
    double first = bound.read(((ConfigList) value).get(0));
    double last = bound.read(((ConfigList) value).get(1));
    if (first > last) {
      throw new WrongValue("its first number is the larger one");
    }
    return new Range(first, last);
  }

  private static String text(Range value, Decimal bound) {
    return "[" + bound.write(value.min()) + ", " + bound.write(value.max()) + "]";
  }

  /** Two numbers. */
  record Pair(Decimal bound) implements ValueType<Range> {
    @Override
    public String noun() {
      return "pair";
    }

    @Override
    public String range() {
      return "[least, largest], each " + bound.range();
    }

    @Override
    public Range read(ConfigValue value) throws WrongValue {
      return pair(value, this, bound);
    }

    @Override
    public String write(Range value) {
      return text(value, bound);
    }
  }
}
