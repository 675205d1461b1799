package dev.tessera.cli;

import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import dev.tessera.stats.Evaluation;

/** What {@code train} and {@code evaluate} start. */
interface Runs {
  TrainedModel train(Job job);

  Evaluation evaluate(Job job, String modelFile);
}
