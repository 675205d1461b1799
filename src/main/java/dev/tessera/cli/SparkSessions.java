package dev.tessera.cli;

import dev.tessera.SessionSettings;
import dev.tessera.error.JobException;
import dev.tessera.error.TesseraException;
import dev.tessera.job.Job;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark as spark-submit and the job say; where both say something, spark-submit counts. */
final class SparkSessions {
  private static final String MASTER = "spark.master";

  /** Settings of this JVM, which runs already. */
  private static final List<String> TOO_LATE =
      List.of(
          "spark.driver.memory",
          "spark.driver.extraJavaOptions",
          "spark.driver.defaultJavaOptions",
          "spark.driver.extraClassPath",
          "spark.driver.extraLibraryPath",
          "spark.submit.deployMode");

  private SparkSessions() {}

  static SparkSession start(Job job, Messages messages) {
    SparkConf conf = settings(job, new SparkConf(), messages);
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) {
      if (Failures.isFullDisk(e)) {
        throw e;
      }
      throw new JobException(
          "Spark does not start with --master "
              + conf.get(MASTER)
              + ": "
              + e.getMessage()
              + "\n  Check the master and the settings of Spark, in the job and on the command line.",
          e);
    }
  }

  /**
   * What is behind the failure of a command if Spark has ended: it gives up on a standalone master
   * after a minute, says so in its log alone, and lets everything after that fail.
   */
  static Optional<JobException> ended(SparkSession session, Exception failure) {
    if (failure instanceof TesseraException || !session.sparkContext().isStopped()) {
      return Optional.empty();
    }
    return Optional.of(
        new JobException(
            "Spark with --master "
                + session.sparkContext().master()
                + " has ended before the command: no master answered, or it ended the application. Spark's"
                + " lines above say which.\n  Check that the master runs, its host and its port.",
            failure));
  }

  /**
   * @param given what spark-submit was given, which this changes and returns
   */
  static SparkConf settings(Job job, SparkConf given, Messages messages) {
    new TreeMap<>(job.spark())
        .forEach(
            (key, value) -> {
              if (given.contains(key)) {
                warnIfOther(key, value, given.get(key), messages);
              } else if (TOO_LATE.contains(key)) {
                messages.warn(
                    key
                        + " of the job comes too late: the driver runs already. Give it to"
                        + " scripts/tessera or spark-submit, --conf "
                        + key
                        + "="
                        + value
                        + ".");
              } else {
                given.set(key, value);
              }
            });
    given.setIfMissing(MASTER, "local[*]");
    return SessionSettings.withDefaults(given).setAppName("tessera " + job.run().name());
  }

  private static void warnIfOther(String key, String value, String given, Messages messages) {
    if (!value.equals(given)) {
      messages.warn(key + " is as spark-submit was given it, not as the job has it.");
    }
  }
}
