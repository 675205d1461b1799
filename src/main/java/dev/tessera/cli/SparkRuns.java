package dev.tessera.cli;

import dev.tessera.Tessera;
import dev.tessera.TrainedModel;
import dev.tessera.job.Job;
import dev.tessera.stats.Evaluation;
import java.io.PrintWriter;
import org.apache.spark.sql.SparkSession;

/** On a session of their own, which ends with them. */
final class SparkRuns implements Runs {
  private final PrintWriter err;

  SparkRuns(PrintWriter err) {
    this.err = err;
  }

  @Override
  public TrainedModel train(Job job) {
    try (SparkSession spark = SparkSessions.start(job, err);
        TerminalProgress progress = TerminalProgress.start()) {
      return Tessera.on(spark).train(job, progress);
    }
  }

  @Override
  public Evaluation evaluate(Job job, String modelFile) {
    try (SparkSession spark = SparkSessions.start(job, err)) {
      return Tessera.on(spark).evaluate(job, modelFile);
    }
  }
}
