package dev.tessera.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A list of texts. */
final class TextList implements ValueType<List<String>> {
  private static final Text ELEMENT = Text.of();

  @Override
  public String noun() {
    return "list";
  }

  @Override
  public String range() {
    return "[\"first\", \"second\", ...]";
  }

  @Override
  public String advice(String unit) {
    return "Use a list of " + unit + ", " + range();
  }

  @Override
  public List<String> read(ConfigValue value) throws WrongValue {
    if (value.valueType() != ConfigValueType.LIST) {
      throw wrongType(value);
    }
    List<String> texts = new ArrayList<>();
    for (ConfigValue element : (ConfigList) value) {
      texts.add(ELEMENT.read(element));
    }
    return texts;
  }

  @Override
  public String write(List<String> value) {
    return value.stream().map(ELEMENT::write).collect(Collectors.joining(", ", "[", "]"));
  }
}
