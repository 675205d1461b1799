package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.PreviewSheet;
import dev.tessera.TrainedModel;
import dev.tessera.dataset.PackedForm;
import dev.tessera.dataset.Prepared;
import dev.tessera.job.Job;
import dev.tessera.run.Resume;
import org.jspecify.annotations.Nullable;

/** Fails as it is told. */
record FailingRuns(Throwable failure) implements Runs {
  @Override
  public TrainedModel train(Job job, Resume resume) {
    throw raise();
  }

  @Override
  public EvaluatedModel evaluate(Job job, String modelFile, @Nullable String runDir) {
    throw raise();
  }

  @Override
  public PreviewSheet preview(Job job, String file, int count) {
    throw raise();
  }

  @Override
  public Prepared prepare(Job job, String folder, PackedForm form) {
    throw raise();
  }

  private RuntimeException raise() {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }
}
