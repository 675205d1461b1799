package dev.tessera;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.dataset.BadImage;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.dataset.Shards;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import org.jspecify.annotations.Nullable;

/**
 * {@code quarantine/bad-images.jsonl}: the first 1,000 images of every set that were left out, one
 * a line. No file if there are none.
 */
final class BadImageRecords {
  private static final int SCHEMA = 1;
  private static final int NAMED_IN_LOG = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private BadImageRecords() {}

  static void write(RunFolder folder, RunLog log, ImageDataset images) {
    StringBuilder lines = new StringBuilder();
    add(lines, log, "train", images.train());
    add(lines, log, "validation", images.validation());
    add(lines, log, "test", images.test());
    if (lines.length() > 0) {
      folder.writeText(RunFolder.BAD_IMAGES, lines.toString());
    }
  }

  private static void add(StringBuilder lines, RunLog log, String set, @Nullable Shards shards) {
    if (shards == null) {
      return;
    }
    warn(log, set, shards);
    for (BadImage bad : shards.badImages()) {
      lines
          .append(
              JSON.createObjectNode()
                  .put("schema", SCHEMA)
                  .put("set", set)
                  .put("origin", bad.origin())
                  .put("reason", bad.reason())
                  .put("sizeBytes", bad.sizeBytes()))
          .append('\n');
    }
  }

  private static void warn(RunLog log, String set, Shards shards) {
    shards.badImages().stream()
        .limit(NAMED_IN_LOG)
        .forEach(bad -> log.warn("Left out of the " + set + " set: " + bad));
    long more = shards.badCount() - Math.min(NAMED_IN_LOG, shards.badImages().size());
    if (more > 0) {
      log.warn("Left out of the " + set + " set: " + more + " more, see " + RunFolder.BAD_IMAGES);
    }
  }
}
