package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.PreviewSheet;
import dev.tessera.Tessera;
import dev.tessera.TrainedModel;
import dev.tessera.dataset.PackedForm;
import dev.tessera.dataset.Prepared;
import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import dev.tessera.run.Resume;
import dev.tessera.spark.EndOfJvm;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** On a session of their own, which ends with them. */
final class SparkRuns implements Runs {
  private final Messages messages;

  SparkRuns(Messages messages) {
    this.messages = messages;
  }

  @Override
  public TrainedModel train(Job job, Resume resume) {
    return on(
        job,
        spark -> {
          try (TerminalProgress progress = TerminalProgress.start(messages.log())) {
            return Tessera.on(spark).train(job, progress, resume);
          }
        });
  }

  @Override
  public EvaluatedModel evaluate(Job job, String modelFile, @Nullable String runDir) {
    return on(
        job,
        spark ->
            runDir == null
                ? Tessera.on(spark).evaluate(job, modelFile)
                : Tessera.on(spark).evaluate(job, modelFile, runDir));
  }

  @Override
  public PreviewSheet preview(Job job, String file, int count) {
    // Else the JDK would ask for a screen where DISPLAY names one, reachable or not.
    System.setProperty("java.awt.headless", "true");
    return on(job, spark -> Tessera.on(spark).preview(job, file, count));
  }

  @Override
  public Prepared prepare(Job job, String folder, PackedForm form) {
    return on(job, spark -> Tessera.on(spark).prepare(job, folder, form));
  }

  private <T> T on(Job job, Function<SparkSession, T> command) {
    if (messages.log() == Form.JSON) {
      JsonLog.begin();
    }
    SparkSession spark = SparkSessions.start(job, messages);
    EndOfJvm signal = EndOfJvm.doing(() -> silence(spark));
    try {
      return command.apply(spark);
    } catch (Exception e) {
      // Also SparkException, which is checked and which nobody declares.
      JobException ended = SparkSessions.ended(spark, e).orElse(null);
      if (ended != null) {
        throw ended;
      }
      throw e;
    } finally {
      signal.close();
      stop(spark);
    }
  }

  /** Scala prints stacks past the log where messages to executors are still on their way. */
  private static void stop(SparkSession spark) {
    PrintStream before = System.err;
    System.setErr(nowhere());
    try {
      spark.close();
    } finally {
      System.setErr(before);
    }
  }

  /**
   * After a signal Spark stops under its own tasks and threads, and all of them complain, some past
   * the log. What is to be said then we say ourselves.
   */
  private static void silence(SparkSession spark) {
    spark.sparkContext().setLogLevel("OFF");
    System.setErr(nowhere());
  }

  private static PrintStream nowhere() {
    return new PrintStream(OutputStream.nullOutputStream(), false, Charset.defaultCharset());
  }
}
