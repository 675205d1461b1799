package dev.tessera.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of docs/job-file.md, from the keys that the parsers know. */
final class KeyTables {
  private KeyTables() {}

  /** Markdown by the name of its place in the document. */
  static Map<String, String> all() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("defaults", "```hocon\n" + JobTexts.parse(JobTexts.SMALLEST).resolved() + "```\n");
    tables.put("sections", table("", JobKeys.KEYS));
    JobKeys.sections().forEach((section, keys) -> tables.put(section, table(section + ".", keys)));
    tables.put("augment", table("image.augment.", AugmentationKeys.KEYS));
    AugmentationKeys.groups()
        .forEach((group, keys) -> tables.put("augment " + group, table(group + ".", keys)));
    tables.put("idx", table("", LocationParser.IDX_KEYS));
    tables.put("columns", table("columns.", LocationColumns.COLUMN_KEYS));
    tables.put("features", table("features.", LocationColumns.FEATURE_KEYS));
    LayerKeys.KINDS.forEach((kind, keys) -> tables.put("layer " + kind, table("", keys)));
    tables.put("layer", table("", LayerKeys.PLACE_KEYS));
    tables.put("batchNorm", table("batchNorm.", LayerKeys.BATCH_NORM_KEYS));
    tables.put("earlyStopping", table("earlyStopping.", EarlyStoppingParser.KEYS));
    for (UpdaterKind updater : UpdaterKind.ALL) {
      tables.put("updater " + updater.name(), updater(updater));
    }
    return tables;
  }

  private static String updater(UpdaterKind updater) {
    String rate =
        "`training.learningRate` left out: " + Numbers.text(updater.learningRate()) + ".\n";
    return updater.keys().isEmpty() ? rate : rate + "\n" + table("", updater.keys());
  }

  private static String table(String prefix, List<? extends Key<?>> keys) {
    List<String> lines = new ArrayList<>();
    lines.add("| key | type | unit | range | default | meaning |");
    lines.add("| --- | --- | --- | --- | --- | --- |");
    keys.forEach(key -> lines.add(row(prefix, key)));
    return String.join("\n", lines) + "\n";
  }

  private static String row(String prefix, Key<?> key) {
    return "| "
        + String.join(
            " | ",
            "`" + prefix + key.name() + "`",
            key.type().noun(),
            key.unit().isEmpty() ? "-" : key.unit(),
            key.type().range(),
            key.fallbackText(),
            key.meaning())
        + " |";
  }
}
