package dev.tessera.dataset;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of a set that is ready: images, classes, shards, and every bad image. */
final class SetReport {
  private static final Logger log = LoggerFactory.getLogger(SetReport.class);

  /** More classes than this are summed up: the line is to be read by people. */
  private static final int CLASSES_NAMED = 20;

  private SetReport() {}

  static void log(String set, List<String> classNames, Shards shards) {
    log.debug(
        "{} set: {} images in {} shards; {}",
        set,
        shards.examples(),
        shards.count(),
        classes(classNames, shards.classCounts()));
    for (BadImage bad : shards.badImages()) {
      log.debug("{} set: left out {}", set, bad);
    }
    if (shards.badCount() > shards.badImages().size()) {
      log.debug("{} set: left out {} more", set, shards.badCount() - shards.badImages().size());
    }
  }

  static String classes(List<String> names, long[] counts) {
    if (counts.length > CLASSES_NAMED) {
      return summary(names, counts);
    }
    List<String> each = new ArrayList<>();
    for (int label = 0; label < counts.length; label++) {
      each.add(names.get(label) + ": " + counts[label]);
    }
    return String.join(", ", each);
  }

  private static String summary(List<String> names, long[] counts) {
    int smallest = 0;
    int largest = 0;
    for (int label = 1; label < counts.length; label++) {
      smallest = counts[label] < counts[smallest] ? label : smallest;
      largest = counts[label] > counts[largest] ? label : largest;
    }
    return String.format(
        "%d classes, from %s: %d to %s: %d",
        counts.length, names.get(smallest), counts[smallest], names.get(largest), counts[largest]);
  }
}
