package dev.tessera.round;

import dev.tessera.stats.Evaluation;
import java.util.ArrayList;
import java.util.List;

/** Remembers everything that it is told. */
final class Heard implements TrainingListener {
  private final List<RoundReport> rounds = new ArrayList<>();
  private final List<String> evaluations = new ArrayList<>();

  @Override
  public void roundFinished(RoundReport report) {
    rounds.add(report);
  }

  @Override
  public void evaluated(int epoch, int round, Evaluation evaluation) {
    evaluations.add("epoch " + epoch + " round " + round);
  }

  List<RoundReport> rounds() {
    return rounds;
  }

  List<String> evaluations() {
    return evaluations;
  }
}
