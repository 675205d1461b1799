package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import dev.tessera.network.ZeroPadding;
import java.util.List;

/**
 * Rows and columns of zeros: {@code 1}, {@code [rows, columns]} or {@code [top, bottom, left,
 * right]}.
 */
final class Borders implements ValueType<ZeroPadding> {
  private static final Counts COUNTS = new Counts(0, 4096);

  @Override
  public String noun() {
    return "whole number, pair [rows, columns] or four [top, bottom, left, right]";
  }

  @Override
  public String range() {
    return COUNTS.range();
  }

  @Override
  public String advice(String unit) {
    return "Use a whole number, [rows, columns] or [top, bottom, left, right], " + range();
  }

  @Override
  public ZeroPadding read(ConfigValue value) throws WrongValue {
    List<Integer> counts = COUNTS.read(value, this, List.of(2, 4));
    if (counts.size() == 4) {
      return new ZeroPadding(counts.get(0), counts.get(1), counts.get(2), counts.get(3));
    }
    int rows = counts.get(0);
    int columns = counts.get(counts.size() - 1);
    return new ZeroPadding(rows, rows, columns, columns);
  }

  @Override
  public String write(ZeroPadding value) {
    return "["
        + value.top()
        + ", "
        + value.bottom()
        + ", "
        + value.left()
        + ", "
        + value.right()
        + "]";
  }
}
