package dev.tessera.job;

import com.typesafe.config.ConfigUtil;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code spark}: settings of Spark. Their names have dots, so they may be quoted or not: both mean
 * the same.
 */
final class SparkParser {
  private static final String PREFIX = "spark.";

  /** Spark's own {@code spark.redaction.regex}, and the keys of Azure's and Google's stores. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)secret|password|token|(access|account|private)[.]?key");

  private final Problems problems;
  private final Map<String, String> settings = new TreeMap<>();
  private final Map<String, Place> places = new TreeMap<>();

  SparkParser(Problems problems) {
    this.problems = problems;
  }

  Map<String, String> read(Section root, Key<String> key) {
    Node spark = root.find(key);
    if (spark != null && spark.isObject()) {
      spark.keys().forEach(name -> read(spark.child(name), name));
    } else if (spark != null) {
      root.problem(key, key.type().wrongType(spark.value()).what(), key.advice());
    }
    return settings;
  }

  private void read(Node node, String name) {
    if (node.isObject()) {
      node.keys().forEach(key -> read(node.child(key), name + "." + key));
      return;
    }
    try {
      String value = Text.of().read(node.value());
      if (!name.startsWith(PREFIX)) {
        refuse(node, "not a setting of Spark", name);
      } else {
        put(name, value, node.place());
      }
    } catch (WrongValue e) {
      refuse(node, e.what(), name);
    }
  }

  /** A setting may stand twice, once quoted and once not; then the command line counts. */
  private void put(String name, String value, Place place) {
    Place before = places.get(name);
    if (before == null || !before.isOverride()) {
      settings.put(name, value);
      places.put(name, place);
    }
  }

  private void refuse(Node node, String what, String name) {
    String full = name.startsWith(PREFIX) ? name : PREFIX + name;
    problems.add(
        node.place(),
        node.where(),
        what,
        "Settings of Spark have names that begin with spark., and text or numbers as values: write"
            + " spark { "
            + ConfigUtil.quoteString(full)
            + " = value }.");
  }

  /** Secrets are left out: the text is kept in the run folder, which others may read. */
  static void write(Map<String, String> spark, HoconWriter to) {
    to.open("spark");
    new TreeMap<>(spark)
        .forEach(
            (name, value) -> {
              if (SECRET.matcher(name).find() || SECRET.matcher(value).find()) {
                to.line("# " + name + " was given; secrets are not written down");
              } else {
                to.put(HoconWriter.quoted(name), HoconWriter.quoted(value));
              }
            });
    to.close();
  }
}
