package dev.tessera.dataset;

import dev.tessera.error.DataException;
import java.util.Locale;

/** Stops a job whose images are mostly not images: a model of the rest would mislead. */
final class BadImageLimit {
  private static final int NAMED = 10;

  private BadImageLimit() {}

  /**
   * @throws DataException if more than the fraction of the set's images were left out
   */
  static void check(String set, Source source, Shards shards, double maxBadFraction) {
    long bad = shards.badCount();
    long all = bad + shards.examples();
    if (bad > maxBadFraction * all) {
      throw new DataException(message(set, source, shards, all, maxBadFraction));
    }
  }

  private static String message(
      String set, Source source, Shards shards, long all, double maxBadFraction) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d of %d images of the %s set can't be decoded (%.4g), more than"
                + " dataset.maxBadFraction = %s allows:",
            source.where(),
            shards.badCount(),
            all,
            set,
            (double) shards.badCount() / all,
            maxBadFraction));
    shards.badImages().stream().limit(NAMED).forEach(bad -> text.append("\n  ").append(bad));
    if (shards.badCount() > NAMED) {
      text.append("\n  and ").append(shards.badCount() - NAMED).append(" more");
    }
    return text.append("\nRepair or remove them, or raise dataset.maxBadFraction.").toString();
  }
}
