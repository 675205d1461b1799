package dev.tessera.round;

import dev.tessera.stats.Evaluation;
import java.util.ArrayList;
import java.util.List;

/** Remembers everything that it is told. */
final class Heard implements TrainingListener {
  private final List<RoundReport> rounds = new ArrayList<>();
  private final List<RoundReport> evaluated = new ArrayList<>();

  @Override
  public void roundFinished(RoundReport report) {
    rounds.add(report);
  }

  @Override
  public void evaluated(RoundReport report, Evaluation evaluation) {
    evaluated.add(report);
  }

  List<RoundReport> rounds() {
    return rounds;
  }

  /** Reports of the rounds that were evaluated, as they are afterwards. */
  List<RoundReport> evaluated() {
    return evaluated;
  }

  List<String> evaluations() {
    return evaluated.stream()
        .map(RoundReport::plan)
        .map(plan -> "epoch " + plan.epoch() + " round " + plan.round())
        .toList();
  }
}
