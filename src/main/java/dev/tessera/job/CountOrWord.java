package dev.tessera.job;

import com.typesafe.config.ConfigValue;

/** A whole number, or a word that stands for one that the job file does not know. */
final class CountOrWord implements ValueType<Integer> {
  private final String word;
  private final int standsFor;
  private final WholeNumber<Integer> count;

  /**
   * @param standsFor what the word is read as; none of the numbers
   */
  CountOrWord(String word, int standsFor, int max) {
    this.word = word;
    this.standsFor = standsFor;
    this.count = WholeNumber.from(1, max);
  }

  @Override
  public String noun() {
    return "whole number or the word " + word;
  }

  @Override
  public String range() {
    return count.range() + ", or " + word;
  }

  @Override
  public String advice(String unit) {
    return "Use a whole number, " + count.range() + ", or the word " + word;
  }

  @Override
  public Integer read(ConfigValue value) throws WrongValue {
    if (word.equals(value.unwrapped())) {
      return standsFor;
    }
    if (Numbers.of(value).isEmpty()) {
      throw wrongType(value);
    }
    return count.read(value);
  }

  @Override
  public String write(Integer value) {
    return value == standsFor ? word : value.toString();
  }
}
