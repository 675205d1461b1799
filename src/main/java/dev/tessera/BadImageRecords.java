package dev.tessera;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.dataset.BadImage;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.dataset.Shards;
import dev.tessera.run.RunFolder;
import org.jspecify.annotations.Nullable;

/**
 * {@code quarantine/bad-images.jsonl}: the first 1,000 images of every set that were left out, one
 * a line. No file if there are none.
 */
final class BadImageRecords {
  private static final int SCHEMA = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private BadImageRecords() {}

  static void write(RunFolder folder, ImageDataset images) {
    StringBuilder lines = new StringBuilder();
    add(lines, "train", images.train());
    add(lines, "validation", images.validation());
    add(lines, "test", images.test());
    if (lines.length() > 0) {
      folder.writeText(RunFolder.BAD_IMAGES, lines.toString());
    }
  }

  private static void add(StringBuilder lines, String set, @Nullable Shards shards) {
    if (shards == null) {
      return;
    }
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
}
