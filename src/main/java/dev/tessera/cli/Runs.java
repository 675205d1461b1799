package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.TrainedModel;
import dev.tessera.dataset.PackedForm;
import dev.tessera.dataset.Prepared;
import dev.tessera.job.Job;
import org.jspecify.annotations.Nullable;

/** What {@code train}, {@code evaluate} and {@code prepare} start. */
interface Runs {
  TrainedModel train(Job job);

  /**
   * Evaluates a stored model.
   *
   * @param runDir where {@code evaluation.json} is written, or null for nowhere
   */
  EvaluatedModel evaluate(Job job, String modelFile, @Nullable String runDir);

  /** Packs the images of a job into a folder. */
  Prepared prepare(Job job, String folder, PackedForm form);
}
