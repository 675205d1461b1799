package dev.tessera.job;

import com.typesafe.config.ConfigValue;

/** A number between two bounds, which may be excluded. */
final class Decimal implements ValueType<Double> {
  private final double min;
  private final boolean minIncluded;
  private final double max;
  private final boolean maxIncluded;

  private Decimal(double min, boolean minIncluded, double max, boolean maxIncluded) {
    this.min = min;
    this.minIncluded = minIncluded;
    this.max = max;
    this.maxIncluded = maxIncluded;
  }

  /** Both bounds included. */
  static Decimal from(double min, double max) {
    return new Decimal(min, true, max, true);
  }

  /** The lower bound excluded, the upper one included. */
  static Decimal above(double min, double max) {
    return new Decimal(min, false, max, true);
  }

  /** From 0 to below 1. */
  static Decimal share() {
    return new Decimal(0, true, 1, false);
  }

  @Override
  public String noun() {
    return "number";
  }

  @Override
  public String range() {
    return (minIncluded ? "" : "above ")
        + Numbers.text(min)
        + (maxIncluded ? " to " : " to below ")
        + Numbers.text(max);
  }

  @Override
  public Double read(ConfigValue value) throws WrongValue {
    double number = Numbers.of(value).orElseThrow(() -> wrongType(value));
    if (minIncluded ? number < min : number <= min) {
      throw new WrongValue(
          minIncluded
              ? "below the smallest allowed value, " + Numbers.text(min)
              : "not above " + Numbers.text(min));
    }
    if (maxIncluded ? number > max : number >= max) {
      throw new WrongValue(
          maxIncluded
              ? "above the largest allowed value, " + Numbers.text(max)
              : "not below " + Numbers.text(max));
    }
    return number;
  }

  @Override
  public String write(Double value) {
    return Numbers.text(value);
  }
}
