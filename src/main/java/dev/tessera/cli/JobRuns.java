package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.run.Resume;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From options to a run, and from its result to what the user reads last. */
final class JobRuns {
  private JobRuns() {}

  static String train(Runs runs, JobOptions options, @Nullable String runDir, Resume resume) {
    Job job = JobParser.read(options.job(), options.overrides(runDir));
    TrainedModel model = runs.train(job, resume);
    if (model.origin() == TrainedModel.Origin.EARLIER_RUN) {
      return String.format(
              Locale.ROOT,
              "The run in %s has finished before, after %d rounds; there is nothing left to do.%n",
              model.runDir(),
              model.rounds())
          + whereAndNext(model, job, options);
    }
    String figures =
        model
            .test()
            .map(test -> new EvaluatedModel("test", test))
            .or(() -> model.validation().map(held -> new EvaluatedModel("validation", held)))
            .map(evaluated -> evaluated.describe() + System.lineSeparator())
            .orElse("");
    return figures + whereAndNext(model, job, options);
  }

  private static String whereAndNext(TrainedModel model, Job job, JobOptions options) {
    return String.format(
            Locale.ROOT,
            "The run is in %s, its model, which DL4J opens, in %s.%n",
            model.runDir(),
            model.modelFile())
        + String.format(
            Locale.ROOT,
            "Next: look at what every layer did, in %s/parameters.jsonl,%n",
            model.runDir())
        + String.format(
            Locale.ROOT,
            "  or learn longer: scripts/tessera train %s --run-dir %s --set training.epochs=%d%n",
            options.commandLineWithout("training.epochs"),
            JobOptions.quoted(model.runDir() + "-longer"),
            2 * job.training().epochs());
  }

  static String evaluate(Runs runs, JobOptions options, String model, @Nullable String runDir) {
    Job job = JobParser.read(options.job(), options.overrides());
    return runs.evaluate(job, model, runDir).describe();
  }
}
