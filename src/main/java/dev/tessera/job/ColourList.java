package dev.tessera.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.tessera.image.Colour;

/** A colour as the list of its three parts. */
final class ColourList implements ValueType<Colour> {
  private static final WholeNumber<Integer> PART = WholeNumber.from(0, 255);

  @Override
  public String noun() {
    return "colour";
  }

  @Override
  public String range() {
    return "[red, green, blue], each " + PART.range();
  }

  @Override
  public Colour read(ConfigValue value) throws WrongValue {
    if (value.valueType() != ConfigValueType.LIST || ((ConfigList) value).size() != 3) {
      throw wrongType(value);
    }
    ConfigList parts = (ConfigList) value;
    return new Colour(PART.read(parts.get(0)), PART.read(parts.get(1)), PART.read(parts.get(2)));
  }

  @Override
  public String write(Colour colour) {
    return "[" + colour.red() + ", " + colour.green() + ", " + colour.blue() + "]";
  }
}
