package dev.tessera.cli;

import dev.tessera.Evaluation;
import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;

/** From options to a run, and from its result to what the user reads last. */
final class JobRuns {
  private JobRuns() {}

  static String train(Runs runs, JobOptions options) {
    Job job = JobParser.read(options.job(), options.overrides());
    TrainedModel model = runs.train(job);
    Evaluation test = model.test();
    String runDir = JobOptions.quoted(model.runDir());
    return (test == null ? "" : test.describe() + System.lineSeparator())
        + String.format(
            "The run is in %s, its model, which DL4J opens, in %s.%n",
            model.runDir(), model.modelFile())
        + String.format("Next: look at what every layer did, in %s/parameters.jsonl,%n", runDir)
        + String.format(
            "  or learn longer: scripts/tessera train %s --run-dir %s --set training.epochs=%d%n",
            options.commandLine(),
            JobOptions.quoted(model.runDir() + "-longer"),
            2 * job.training().epochs());
  }

  static String evaluate(Runs runs, JobOptions options, String model) {
    Job job = JobParser.read(options.job(), options.overrides());
    return runs.evaluate(job, model).describe();
  }
}
