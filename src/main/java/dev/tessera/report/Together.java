package dev.tessera.report;

import dev.tessera.report.LayerCurves.Block;
import dev.tessera.report.Verdict.Tone;
import java.util.Comparator;
import java.util.Locale;

/** Are the workers together? */
final class Together {
  private static final String QUESTION = "Are the workers together?";
  private static final double FAR = 0.1;
  private static final double TOO_FAR = 0.5;

  private Together() {}

  static Verdict of(RunStory story) {
    RoundCurves rounds = story.rounds();
    String trouble = trouble(rounds);
    if (story.workers() == 1) {
      return new Verdict(
          QUESTION,
          "There is one worker",
          "It has nobody to differ from." + trouble,
          trouble.isEmpty() ? Tone.PLAIN : Tone.WARNING);
    }
    double median = story.layers().medianDivergence().last();
    if (!Double.isFinite(median)) {
      return new Verdict(
          QUESTION,
          "Not known",
          "parameters.jsonl has no divergence of any layer." + trouble,
          Tone.PLAIN);
    }
    String farthest =
        story.layers().weights().stream()
            .filter(block -> Double.isFinite(block.lastDivergence()))
            .max(Comparator.comparingDouble(Block::lastDivergence))
            .map(
                block ->
                    String.format(
                        Locale.ROOT,
                        " Farthest apart is %s, %s.",
                        block.layer(),
                        percent(block.lastDivergence())))
            .orElse("");
    String advice =
        median < FAR
            ? ""
            : " Fewer steps a round (training.averagingFrequency) or a lower learning rate keep them"
                + " closer.";
    return new Verdict(
        QUESTION,
        percent(median) + " from their mean",
        "Distance of the replicas before the last average, over the length of the mean; the median"
            + " over all layers' weights."
            + farthest
            + trouble
            + advice,
        tone(median, trouble));
  }

  private static Tone tone(double median, String trouble) {
    if (median >= TOO_FAR) {
      return Tone.BAD;
    }
    return median >= FAR || !trouble.isEmpty() ? Tone.WARNING : Tone.GOOD;
  }

  private static String trouble(RoundCurves rounds) {
    StringBuilder text = new StringBuilder();
    if (rounds.exclusions() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              " Left out of an average: %s.",
              times(rounds.exclusions(), "one worker once", "workers, %,d times")));
    }
    if (rounds.rollbacks() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              " %s at a lower learning rate.",
              times(rounds.rollbacks(), "One round was run again", "%,d rounds were run again")));
    }
    return text.toString();
  }

  private static String times(int count, String once, String often) {
    return count == 1 ? once : String.format(Locale.ROOT, often, count);
  }

  static String percent(double share) {
    double percent = 100 * share;
    return String.format(
        Locale.ROOT, percent >= 10 || percent == 0 ? "%.0f %%" : "%.2g %%", percent);
  }
}
