package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import dev.tessera.network.Extent;
import java.util.List;

/** Height and width: {@code 3}, or {@code [3, 5]} for 3 rows and 5 columns. */
final class Sides implements ValueType<Extent> {
  private static final Counts COUNTS = new Counts(1, 4096);

  @Override
  public String noun() {
    return "whole number or pair [rows, columns]";
  }

  @Override
  public String range() {
    return COUNTS.range();
  }

  @Override
  public String advice(String unit) {
    return "Use a whole number, or [rows, columns], " + range();
  }

  @Override
  public Extent read(ConfigValue value) throws WrongValue {
    List<Integer> sides = COUNTS.read(value, this, List.of(2));
    return new Extent(sides.get(0), sides.get(sides.size() - 1));
  }

  @Override
  public String write(Extent value) {
    return value.height() == value.width()
        ? Integer.toString(value.height())
        : "[" + value.height() + ", " + value.width() + "]";
  }
}
