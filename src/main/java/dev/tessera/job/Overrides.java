package dev.tessera.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Objects;

/**
 * {@code --set key=value}. A value that begins with a brace, a bracket or a quotation mark, or has
 * a substitution in it, is HOCON; any other is taken as it stands, so that {@code s3a://bucket/x#1}
 * needs no quotation marks.
 */
final class Overrides {
  private final Problems problems;

  Overrides(Problems problems) {
    this.problems = problems;
  }

  /** All together; a later one of the same key counts. */
  Config read(List<String> texts) {
    Config all = ConfigFactory.empty();
    for (String text : texts) {
      all = read(text).withFallback(all);
    }
    return all;
  }

  private Config read(String text) {
    int end = keyEnd(text);
    if (end <= 0) {
      problem(
          text,
          "a key and a value belong here",
          "Write --set key=value, for example --set training.epochs=5.");
      return ConfigFactory.empty();
    }
    String key = text.substring(0, end).strip();
    String value = text.substring(text.charAt(end) == '=' ? end + 1 : end).strip();
    try {
      return value(value, key + "=" + value).atPath(path(key));
    } catch (ConfigException e) {
      problem(
          text,
          "the value is not HOCON: " + HoconError.explanation(e),
          "Put text with special characters in quotation marks.");
      return ConfigFactory.empty();
    }
  }

  /** Index of the equals sign, or of a brace without one: {@code model { layers = ... }}. */
  private static int keyEnd(String text) {
    int equals = text.indexOf('=');
    int brace = text.indexOf('{');
    return brace > 0 && (equals < 0 || brace < equals) ? brace : equals;
  }

  /**
   * Spark's settings have dots in their names: {@code spark.spark.executor.memory} is one of them.
   */
  private static String path(String key) {
    String prefix = "spark.spark.";
    return key.startsWith(prefix)
        ? ConfigUtil.joinPath("spark", key.substring("spark.".length()))
        : ConfigUtil.joinPath(ConfigUtil.splitPath(key));
  }

  private static ConfigValue value(String text, String whole) {
    String origin = Place.override(whole);
    if (text.equals("null")) {
      return Objects.requireNonNull(ConfigValueFactory.fromAnyRef(null, origin));
    }
    if (text.startsWith("{")
        || text.startsWith("[")
        || text.startsWith("\"")
        || text.contains("${")) {
      ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(origin);
      return Objects.requireNonNull(
          ConfigFactory.parseString("value = " + text, options).root().get("value"));
    }
    return ConfigValueFactory.fromAnyRef(text).withOrigin(ConfigOriginFactory.newSimple(origin));
  }

  private void problem(String text, String what, String advice) {
    Place place = new Place(Place.override(text), 0);
    problems.add(place, place.toString(), what, advice);
  }
}
