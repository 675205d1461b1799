package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import dev.tessera.run.Resume;
import org.jspecify.annotations.Nullable;

/** What {@code train} and {@code evaluate} start. */
interface Runs {
  TrainedModel train(Job job, Resume resume);

  /**
   * Evaluates a stored model.
   *
   * @param runDir where {@code evaluation.json} is written, or null for nowhere
   */
  EvaluatedModel evaluate(Job job, String modelFile, @Nullable String runDir);
}
