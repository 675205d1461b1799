package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import java.util.List;

/** Names of layers: one, or a list of several. */
final class LayerNames implements ValueType<List<String>> {
  private static final TextList LIST = new TextList();
  private static final Text ONE = Text.of();

  private final String range;

  /**
   * @param range the forms, as the documentation words them
   */
  LayerNames(String range) {
    this.range = range;
  }

  @Override
  public String noun() {
    return "name or list of names";
  }

  @Override
  public String range() {
    return range;
  }

  @Override
  public String advice(String unit) {
    return "Use " + range;
  }

  @Override
  public List<String> read(ConfigValue value) throws WrongValue {
    return switch (value.valueType()) {
      case LIST -> LIST.read(value);
      case OBJECT, NULL -> throw wrongType(value);
      default -> List.of(ONE.read(value));
    };
  }

  @Override
  public String write(List<String> value) {
    return value.size() == 1 ? ONE.write(value.get(0)) : LIST.write(value);
  }
}
