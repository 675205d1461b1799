package dev.tessera.dataset;

import dev.tessera.error.DataException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Stops a job whose images are mostly not images: a model of the rest would mislead. */
final class BadImageLimit {
  private static final int NAMED = 10;

  private BadImageLimit() {}

  /**
   * Looks at a source as a whole, whatever sets it was split into: a small part may by chance have
   * more than its share of the bad ones.
   *
   * @param sets what was decoded of it
   * @throws DataException if more than the fraction of the source's images were left out
   */
  static void check(ListedSet listed, List<Shards> sets, double maxBadFraction) {
    long bad = sets.stream().mapToLong(Shards::badCount).sum();
    List<BadImage> first = sets.stream().flatMap(set -> set.badImages().stream()).toList();
    check(listed, bad, first, maxBadFraction, "");
  }

  /**
   * The same.
   *
   * @param first at least ten of the bad ones, the first by origin among them
   * @param remedy a sentence to end the message with, or empty
   */
  static void check(
      ListedSet listed, long bad, List<BadImage> first, double maxBadFraction, String remedy) {
    long all = listed.counts().total();
    if (bad > maxBadFraction * all) {
      throw new DataException(message(listed.source(), first, bad, all, maxBadFraction) + remedy);
    }
  }

  private static String message(
      Source source, List<BadImage> first, long bad, long all, double maxBadFraction) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d of %d images can't be decoded (%.4g), more than dataset.maxBadFraction = %s"
                + " allows:",
            source.where(),
            bad,
            all,
            (double) bad / all,
            maxBadFraction));
    first.stream()
        .sorted(Comparator.comparing(BadImage::origin))
        .limit(NAMED)
        .forEach(image -> text.append("\n  ").append(image));
    if (bad > NAMED) {
      text.append("\n  and ").append(bad - NAMED).append(" more");
    }
    return text.append("\nRepair or remove them, or raise dataset.maxBadFraction.").toString();
  }
}
