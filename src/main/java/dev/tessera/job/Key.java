package dev.tessera.job;

/**
 * One key of a job file. The lists of keys that the parsers declare are what a job may contain,
 * what the documentation lists, and where defaults are written.
 *
 * @param fallback the default; for keys without a fixed default only what stands in after a
 *     problem, so that the rest of the file is still checked
 * @param fallbackText the default as the documentation words it
 * @param unit what is counted, or an empty string
 * @param meaning one sentence, or several, with full stop
 */
record Key<T>(
    String name, ValueType<T> type, T fallback, String fallbackText, String unit, String meaning) {

  static final String REQUIRED = "has to be given";

  static <T> Key<T> of(String name, ValueType<T> type, T fallback, String unit, String meaning) {
    return new Key<>(name, type, fallback, type.write(fallback), unit, meaning);
  }

  /** A key whose default depends on others; {@code fallbackText} says how. */
  static <T> Key<T> derived(
      String name,
      ValueType<T> type,
      T fallback,
      String fallbackText,
      String unit,
      String meaning) {
    return new Key<>(name, type, fallback, fallbackText, unit, meaning);
  }

  static <T> Key<T> required(
      String name, ValueType<T> type, T standIn, String unit, String meaning) {
    return new Key<>(name, type, standIn, REQUIRED, unit, meaning);
  }

  boolean isRequired() {
    return fallbackText.equals(REQUIRED);
  }

  /** What the key is for, and what it takes: the second line of an error. */
  String advice() {
    String otherwise = isRequired() ? "." : "; left out, it is " + fallbackText + ".";
    return meaning + " " + type.advice(unit) + otherwise;
  }
}
