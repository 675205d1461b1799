package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One of a few words. */
final class Word<T> implements ValueType<T> {
  private final String noun;
  private final Map<String, T> words;

  private Word(String noun, Map<String, T> words) {
    this.noun = noun;
    this.words = words;
  }

  /** The constants in camelCase: {@code LEAKY_RELU} is {@code leakyRelu}. */
  static <E extends Enum<E>> Word<E> of(E[] constants) {
    Map<String, E> words = new LinkedHashMap<>();
    Arrays.stream(constants).forEach(constant -> words.put(camelCase(constant.name()), constant));
    return new Word<>("word", words);
  }

  /** The words themselves. */
  static Word<String> among(List<String> choices) {
    Map<String, String> words = new LinkedHashMap<>();
    choices.forEach(choice -> words.put(choice, choice));
    return new Word<>("word", words);
  }

  /** One of a few numbers. */
  static Word<Integer> ofNumbers(int... choices) {
    Map<String, Integer> words = new LinkedHashMap<>();
    Arrays.stream(choices).forEach(choice -> words.put(Integer.toString(choice), choice));
    return new Word<>("number", words);
  }

  @Override
  public String noun() {
    return noun;
  }

  @Override
  public String range() {
    return "one of " + String.join(", ", words.keySet());
  }

  @Override
  public String advice(String unit) {
    return "Use " + range();
  }

  @Override
  public T read(ConfigValue value) throws WrongValue {
    if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
      throw wrongType(value);
    }
    String text = value.unwrapped().toString();
    T found = words.get(text);
    if (found != null) {
      return found;
    }
    String nearest = NearestName.of(text, words.keySet());
    throw new WrongValue(
        "not one of the "
            + noun
            + "s known here"
            + (noun.equals("word") && NearestName.close(text, nearest)
                ? ". Did you mean " + nearest + "?"
                : ""));
  }

  @Override
  public String write(T value) {
    return words.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static String camelCase(String constant) {
    StringBuilder word = new StringBuilder();
    for (String part : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
      word.append(
          word.length() == 0
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return word.toString();
  }
}
