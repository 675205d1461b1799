package dev.tessera.cli;

import dev.tessera.Evaluation;
import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import org.jspecify.annotations.Nullable;

/** Remembers what was asked for; trains nothing. */
final class FakeRuns implements Runs {
  @Nullable Job job;
  @Nullable String modelFile;

  @Override
  public TrainedModel train(Job job) {
    this.job = job;
    String dir = job.run().dir();
    return new TrainedModel(dir, dir + "/model.zip", new Evaluation("Test accuracy 0.9"));
  }

  @Override
  public Evaluation evaluate(Job job, String modelFile) {
    this.job = job;
    this.modelFile = modelFile;
    return new Evaluation("Test accuracy 0.9");
  }
}
