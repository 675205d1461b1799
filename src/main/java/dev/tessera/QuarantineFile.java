package dev.tessera;

import dev.tessera.dataset.ImageDataset;
import dev.tessera.dataset.Quarantine;
import dev.tessera.dataset.Reasons;
import dev.tessera.dataset.Shards;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code quarantine/bad-images.parquet}: every image that was left out. No file if there are none.
 */
final class QuarantineFile {
  private static final int NAMED_IN_LOG = 10;

  private QuarantineFile() {}

  static void write(RunFolder folder, RunLog log, ImageDataset images) {
    Map<String, Shards> sets = new LinkedHashMap<>();
    put(sets, "train", images.train());
    put(sets, "validation", images.validation());
    put(sets, "test", images.test());
    if (sets.isEmpty()) {
      return;
    }
    sets.forEach((set, shards) -> nameFirst(log, set, shards));
    Reasons reasons = new Reasons();
    folder.write(RunFolder.BAD_IMAGES, out -> Quarantine.write(out, sets, reasons));
    log.warn(reasons.describe(RunFolder.BAD_IMAGES));
  }

  private static void put(Map<String, Shards> sets, String name, @Nullable Shards shards) {
    if (shards != null && shards.badCount() > 0) {
      sets.put(name, shards);
    }
  }

  private static void nameFirst(RunLog log, String set, Shards shards) {
    shards.badImages().stream()
        .limit(NAMED_IN_LOG)
        .forEach(bad -> log.warn("Left out of the " + set + " set: " + bad));
    long more = shards.badCount() - Math.min(NAMED_IN_LOG, shards.badImages().size());
    if (more > 0) {
      log.warn("Left out of the " + set + " set: " + more + " more");
    }
  }
}
