package dev.tessera.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The images that the sets of a run left out, as a Parquet file. */
public final class Quarantine {
  private Quarantine() {}

  /**
   * Writes a row an image: set, origin, label, sizeBytes, reason, firstBytes.
   *
   * @param out stays open
   * @param sets by name, in the order in which they are written
   * @param reasons they are counted here
   */
  public static void write(OutputStream out, Map<String, Shards> sets, Reasons reasons)
      throws IOException {
    try (QuarantineRows rows = new QuarantineRows(new StreamFile(out))) {
      sets.forEach(
          (set, shards) ->
              shards.eachBad(
                  bad -> {
                    reasons.add(bad);
                    add(rows, set, bad);
                  }));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void add(QuarantineRows rows, String set, BadImage bad) {
    try {
      rows.add(set, bad);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
