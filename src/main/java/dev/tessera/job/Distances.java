package dev.tessera.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;

/** Two parts of the picture's sides, along and down; one number is both. */
final class Distances implements ValueType<List<Double>> {
  private final Decimal element = Decimal.from(0, 1);

  @Override
  public String noun() {
    return "number or pair";
  }

  @Override
  public String range() {
    return element.range() + ", or [of the width, of the height]";
  }

  @Override
  public List<Double> read(ConfigValue value) throws WrongValue {
    if (value.valueType() == ConfigValueType.LIST && ((ConfigList) value).size() == 2) {
      ConfigList both = (ConfigList) value;
      return List.of(element.read(both.get(0)), element.read(both.get(1)));
    }
    if (Numbers.of(value).isEmpty()) {
      throw wrongType(value);
    }
    double number = element.read(value);
    return List.of(number, number);
  }

  @Override
  public String write(List<Double> value) {
    String first = element.write(value.get(0));
    String second = element.write(value.get(1));
    return first.equals(second) ? first : "[" + first + ", " + second + "]";
  }
}
