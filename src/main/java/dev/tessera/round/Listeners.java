package dev.tessera.round;

import dev.tessera.stats.Evaluation;
import java.util.List;

/** Tells several listeners, one after the other. */
public record Listeners(List<TrainingListener> all) implements TrainingListener {
  public Listeners {
    all = List.copyOf(all);
  }

  @Override
  public void roundFinished(RoundReport report) {
    all.forEach(one -> one.roundFinished(report));
  }

  @Override
  public void evaluated(RoundReport report, Evaluation evaluation) {
    all.forEach(one -> one.evaluated(report, evaluation));
  }

  @Override
  public void rolledBack(RoundPlan round, String causes, double learningRate) {
    all.forEach(one -> one.rolledBack(round, causes, learningRate));
  }
}
