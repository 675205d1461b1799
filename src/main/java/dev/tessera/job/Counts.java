package dev.tessera.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;

/** One whole number, or a list of several, as kernels and paddings have them. */
final class Counts {
  private final WholeNumber<Integer> element;

  Counts(int min, int max) {
    element = WholeNumber.from(min, max);
  }

  String range() {
    return element.range();
  }

  /** The number alone, or the list's if its length is one of {@code lengths}. */
  List<Integer> read(ConfigValue value, ValueType<?> type, List<Integer> lengths)
      throws WrongValue {
    if (value.valueType() != ConfigValueType.LIST) {
      if (Numbers.of(value).isEmpty()) {
        throw type.wrongType(value);
      }
      return List.of(element.read(value));
    }
    ConfigList list = (ConfigList) value;
    if (!lengths.contains(list.size())) {
      throw type.wrongType(value);
    }
    List<Integer> counts = new ArrayList<>();
    for (ConfigValue count : list) {
      counts.add(element.read(count));
    }
    return counts;
  }
}
