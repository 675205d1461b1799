package dev.tessera.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A list of numbers of one range. */
final class DecimalList implements ValueType<List<Double>> {
  private final Decimal element;

  DecimalList(Decimal element) {
    this.element = element;
  }

  @Override
  public String noun() {
    return "list of numbers";
  }

  @Override
  public String range() {
    return "[first, second, ...], each " + element.range();
  }

  @Override
  public String advice(String unit) {
    return "Use a list, " + range();
  }

  @Override
  public List<Double> read(ConfigValue value) throws WrongValue {
    if (value.valueType() != ConfigValueType.LIST) {
      throw wrongType(value);
    }
    List<Double> numbers = new ArrayList<>();
    for (ConfigValue number : (ConfigList) value) {
      numbers.add(element.read(number));
    }
    return numbers;
  }

  @Override
  public String write(List<Double> value) {
    return value.stream().map(element::write).collect(Collectors.joining(", ", "[", "]"));
  }
}
