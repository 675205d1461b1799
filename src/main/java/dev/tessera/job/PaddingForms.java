package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.tessera.network.Padding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code valid}, {@code same}, {@code full}, or rows and columns: {@code 2}, {@code [1, 2]}. */
final class PaddingForms implements ValueType<Padding> {
  private static final Counts COUNTS = new Counts(0, 4096);

  private final Map<String, Padding> words = new LinkedHashMap<>();

  /**
   * @param choices of the words
   */
  PaddingForms(Padding... choices) {
    for (Padding choice : choices) {
      words.put(choice.toString(), choice);
    }
  }

  @Override
  public String noun() {
    return "word, whole number or pair [rows, columns]";
  }

  @Override
  public String range() {
    return String.join(", ", words.keySet()) + ", or " + COUNTS.range();
  }

  @Override
  public String advice(String unit) {
    return "Use "
        + String.join(", ", words.keySet())
        + ", a whole number or [rows, columns], "
        + COUNTS.range();
  }

  @Override
  public Padding read(ConfigValue value) throws WrongValue {
    if (value.valueType() == ConfigValueType.STRING && Numbers.of(value).isEmpty()) {
      Padding word = words.get((String) value.unwrapped());
      if (word == null) {
        throw new WrongValue("not a padding known here");
      }
      return word;
    }
    List<Integer> counts = COUNTS.read(value, this, List.of(2));
    return new Padding.Explicit(counts.get(0), counts.get(counts.size() - 1));
  }

  @Override
  public String write(Padding value) {
    if (!(value instanceof Padding.Explicit counts)) {
      return value.toString();
    }
    return counts.rows() == counts.columns()
        ? Integer.toString(counts.rows())
        : "[" + counts.rows() + ", " + counts.columns() + "]";
  }
}
