package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.PreviewSheet;
import dev.tessera.TrainedModel;
import dev.tessera.dataset.PackedForm;
import dev.tessera.dataset.Prepared;
import dev.tessera.job.Job;
import dev.tessera.run.Resume;
import org.jspecify.annotations.Nullable;

/** What {@code train}, {@code evaluate}, {@code prepare} and {@code preview} start. */
interface Runs {
  TrainedModel train(Job job, Resume resume);

  /**
   * Evaluates a stored model.
   *
   * @param runDir where {@code evaluation.json} is written, or null for nowhere
   */
  EvaluatedModel evaluate(Job job, String modelFile, @Nullable String runDir);

  /**
   * Draws training images.
   *
   * @param file to draw into
   * @param count of images, at least 1
   */
  PreviewSheet preview(Job job, String file, int count);

  /** Packs the images of a job into a folder. */
  Prepared prepare(Job job, String folder, PackedForm form);
}
