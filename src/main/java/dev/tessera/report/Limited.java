package dev.tessera.report;

import dev.tessera.report.Verdict.Tone;
import java.util.Locale;

/** What limits it? */
final class Limited {
  private static final String QUESTION = "What limits it?";
  private static final double MUCH = 0.35;

  private Limited() {}

  static Verdict of(RunStory story) {
    RoundCurves rounds = story.rounds();
    double all = rounds.seconds();
    double fit = rounds.seconds("fit") / all;
    double aggregate = rounds.seconds("aggregate") / all;
    double broadcast = rounds.seconds("broadcast") / all;
    double driver = rounds.seconds("driver") / all;
    Curve rates = rounds.curve("imagesPerSecond");
    String speed =
        String.format(
            Locale.ROOT,
            "%,.0f images/s by %s. ",
            rates.mean(rounds.count() > 1 ? 1 : 0, rounds.count()),
            story.workers() == 1 ? "one worker" : story.workers() + " workers");
    double frequency = rounds.curve("averagingFrequency").last();
    if (aggregate > MUCH && aggregate >= broadcast && aggregate >= driver) {
      return new Verdict(
          QUESTION,
          percent("Averaging", aggregate),
          speed
              + String.format(
                  Locale.ROOT,
                  "The workers' steps take %.0f %%. More steps a round (training.averagingFrequency,"
                      + " now %.0f) or as many task slots as workers make it faster.",
                  100 * fit,
                  frequency),
          Tone.WARNING);
    }
    if (broadcast > MUCH && broadcast >= driver) {
      return new Verdict(
          QUESTION,
          percent("Sending the state", broadcast),
          speed
              + String.format(
                  Locale.ROOT,
                  "More steps a round (training.averagingFrequency, now %.0f) send it less often.",
                  frequency),
          Tone.WARNING);
    }
    if (driver > MUCH) {
      return new Verdict(
          QUESTION,
          percent("The driver", driver),
          speed + "Give the driver a core of its own, and its run folder a faster file system.",
          Tone.WARNING);
    }
    return new Verdict(
        QUESTION,
        percent("Workers' steps", fit),
        speed
            + String.format(
                Locale.ROOT,
                "Bringing replicas together takes %.0f %%, sending the state %.0f %%. More workers or"
                    + " faster cores shorten it.",
                100 * aggregate,
                100 * broadcast),
        Tone.GOOD);
  }

  private static String percent(String what, double share) {
    return String.format(Locale.ROOT, "%s: %.0f %% of the time", what, 100 * share);
  }
}
