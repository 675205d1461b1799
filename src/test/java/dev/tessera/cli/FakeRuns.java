package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import dev.tessera.run.Resume;
import dev.tessera.stats.Evaluation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Remembers what was asked for; trains nothing. */
final class FakeRuns implements Runs {
  static final Evaluation FIGURES =
      new Evaluation(1500, 0.9, 1, 0.3, OptionalDouble.empty(), List.of(), List.of());

  TrainedModel.Origin origin = TrainedModel.Origin.TRAINED_NOW;
  @Nullable Job job;
  @Nullable Resume resume;
  @Nullable String modelFile;
  @Nullable String runDir;

  @Override
  public TrainedModel train(Job job, Resume resume) {
    this.job = job;
    this.resume = resume;
    String dir = job.run().dir();
    return new TrainedModel(
        dir,
        dir + "/model.zip",
        List.of("a", "b"),
        3,
        1.5,
        Optional.empty(),
        Optional.of(FIGURES),
        origin);
  }

  @Override
  public EvaluatedModel evaluate(Job job, String modelFile, @Nullable String runDir) {
    this.job = job;
    this.runDir = runDir;
    this.modelFile = modelFile;
    return new EvaluatedModel("validation", FIGURES);
  }
}
