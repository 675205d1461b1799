package dev.tessera.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sections of a job file, in the order in which they are written. */
final class JobKeys {
  static final Key<String> RUN = group("run", "What the run is called, and where it is kept.");
  static final Key<String> DATASET = group("dataset", "Where the images are.");
  static final Key<String> IMAGE = group("image", "What every picture is brought to.");
  static final Key<String> TRAINING = group("training", "How long and how fast to learn.");
  static final Key<String> SPARK =
      Group.key(
          "spark",
          "group",
          "spark { \"spark.any.key\" = value }",
          "{}",
          "Settings of Spark; what spark-submit is given goes before them.");
  static final Key<String> LET =
      Group.key(
          "let",
          "group",
          "let { any.name = value }",
          "{}",
          "Values of your own that ${let.any.name} puts in elsewhere.");

  static final List<Key<?>> KEYS =
      List.of(RUN, DATASET, IMAGE, ModelParser.NAME, TRAINING, SPARK, LET);

  private JobKeys() {}

  /** Keys by section. */
  static Map<String, List<Key<?>>> sections() {
    Map<String, List<Key<?>>> sections = new LinkedHashMap<>();
    sections.put("run", RunParser.KEYS);
    sections.put("dataset", DatasetParser.KEYS);
    sections.put("image", ImageParser.KEYS);
    sections.put("training", TrainingParser.KEYS);
    return sections;
  }

  /**
   * {@code section.key} of a key that one of the sections has under that name, or an empty string.
   */
  static String elsewhere(String name) {
    return sections().entrySet().stream()
        .flatMap(
            section ->
                section.getValue().stream()
                    .filter(key -> NearestName.distance(key.name(), name) == 0)
                    .map(key -> section.getKey() + "." + key.name()))
        .findFirst()
        .orElse("");
  }

  private static Key<String> group(String name, String meaning) {
    return Group.key(name, "group", name + " { key = value }", "{}", meaning);
  }
}
