package dev.tessera.cli;

import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import dev.tessera.stats.Evaluation;

/** Fails as it is told. */
record FailingRuns(Throwable failure) implements Runs {
  @Override
  public TrainedModel train(Job job) {
    throw raise();
  }

  @Override
  public Evaluation evaluate(Job job, String modelFile) {
    throw raise();
  }

  private RuntimeException raise() {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }
}
