package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.report.RoundCurves.Validation;
import dev.tessera.report.Verdict.Tone;
import java.util.List;
import java.util.Locale;

/** Did it learn? */
final class Learned {
  private static final String QUESTION = "Did it learn?";

  /** More than the most frequent class alone would give, by so much at least. */
  private static final double BETTER = 1.1;

  /** Loss on the validation set over its least. */
  private static final double RISEN = 1.1;

  /** Part by which the loss falls over the last tenth of the rounds. */
  private static final double FALLING = 0.02;

  private static final int FEW_ROUNDS = 20;

  private Learned() {}

  static Verdict of(RunStory story) {
    Curve loss = story.rounds().curve("loss");
    int tenth = Math.max(1, loss.size() / 10);
    double first = loss.mean(0, 1);
    double last = loss.mean(loss.size() - tenth, loss.size());
    String course =
        String.format(Locale.ROOT, "Training loss went from %.3f to %.3f.", first, last);
    if (!Double.isFinite(last)) {
      return new Verdict(
          QUESTION,
          "No: the loss is not finite",
          "Lower training.learningRate; its messages are in train.log.",
          Tone.BAD);
    }
    Score score = Score.of(story);
    if (score == null) {
      boolean fell = last < first;
      return new Verdict(
          QUESTION,
          String.format(Locale.ROOT, "Training loss %.3f, was %.3f", last, first),
          "Nothing was classified yet to tell how often it is right." + still(loss, tenth),
          fell ? Tone.PLAIN : Tone.WARNING);
    }
    String answer =
        String.format(
            Locale.ROOT,
            "%.1f %% of %,d %s images right",
            100 * score.accuracy(),
            score.examples(),
            score.set());
    if (score.accuracy() < BETTER * score.chance()) {
      return new Verdict(
          QUESTION,
          answer,
          String.format(
                  Locale.ROOT,
                  "That is no better than naming one class always, which gives %.1f %%. ",
                  100 * score.chance())
              + course
              + " Look at the labels, and try another training.learningRate.",
          Tone.BAD);
    }
    String chance =
        String.format(
            Locale.ROOT, "Naming one class always would give %.1f %%. ", 100 * score.chance());
    String risen = risen(story.rounds().validations());
    return risen.isEmpty()
        ? new Verdict(QUESTION, answer, chance + course + still(loss, tenth), Tone.GOOD)
        : new Verdict(QUESTION, answer, chance + course + risen, Tone.WARNING);
  }

  private static String still(Curve loss, int tenth) {
    double before = loss.mean(loss.size() - 2 * tenth, loss.size() - tenth);
    double last = loss.mean(loss.size() - tenth, loss.size());
    return loss.size() >= FEW_ROUNDS && last < (1 - FALLING) * before
        ? " It still falls: more epochs would help."
        : "";
  }

  /** What to say if the loss on the validation set has been rising; else nothing. */
  private static String risen(List<Validation> validations) {
    if (validations.isEmpty()) {
      return "";
    }
    Validation last = validations.get(validations.size() - 1);
    Validation best = last;
    for (Validation validation : validations) {
      if (validation.loss() < best.loss()) {
        best = validation;
      }
    }
    if (last.loss() <= RISEN * best.loss()) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        " Validation loss has risen since epoch %d, from %.3f to %.3f: it learns its images by heart."
            + " Fewer epochs, image.augment or dropout help.",
        best.epoch(),
        best.loss(),
        last.loss());
  }

  /**
   * How often it was right.
   *
   * @param chance of who always names the most frequent class
   */
  record Score(String set, double accuracy, long examples, double chance) {

    /** Null if nothing was classified yet. */
    static @org.jspecify.annotations.Nullable Score of(RunStory story) {
      JsonNode evaluation = story.evaluation();
      if (evaluation.path("accuracy").isNumber()) {
        long examples = evaluation.path("examples").asLong();
        long most = 0;
        for (JsonNode figures : evaluation.path("classes")) {
          most = Math.max(most, figures.path("support").asLong());
        }
        return new Score(
            evaluation.path("set").asText(),
            evaluation.path("accuracy").asDouble(),
            examples,
            (double) most / Math.max(1, examples));
      }
      List<Validation> validations = story.rounds().validations();
      if (validations.isEmpty()) {
        return null;
      }
      Validation last = validations.get(validations.size() - 1);
      return new Score(
          "validation",
          last.accuracy(),
          last.examples(),
          1.0 / Math.max(2, story.classNames().size()));
    }
  }
}
