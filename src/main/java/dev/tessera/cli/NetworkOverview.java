package dev.tessera.cli;

import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.network.NetworkException;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSummary;
import dev.tessera.run.RunFolder;
import dev.tessera.spark.HadoopSettings;
import dev.tessera.spark.HadoopStorage;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tessera summary} says.
 *
 * @param network as {@code summary.txt} of a run folder has it
 * @param classes how many there are, and where the number is from
 * @param spark the job's settings of Spark
 */
record NetworkOverview(String network, String classes, Map<String, String> spark) {

  /**
   * @param classes as given, or null
   */
  static NetworkOverview of(JobOptions options, @Nullable Integer classes) {
    Job job = JobParser.read(options.job(), options.overrides());
    ClassCount count =
        classes == null ? ClassCount.of(job) : new ClassCount(classes, "as --classes says");
    return new NetworkOverview(
        NetworkSummary.of(compile(job, count.classes())),
        String.format(Locale.ROOT, "Classes: %d, %s.%n", count.classes(), count.source()),
        job.spark());
  }

  String text() {
    return network + classes;
  }

  /** Writes {@code summary.txt} into that folder, on any Hadoop file system. */
  void writeTo(String folder) {
    RunFolder.at(HadoopStorage.of(folder, HadoopSettings.given(spark)), folder)
        .writeText(RunFolder.SUMMARY, network);
  }

  private static NetworkPlan compile(Job job, int classes) {
    try {
      return job.model().compile(job.image().shape(), classes);
    } catch (NetworkException e) {
      throw new JobException(job.modelOrigin().locate(e), e);
    }
  }
}
