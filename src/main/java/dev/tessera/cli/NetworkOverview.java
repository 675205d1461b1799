package dev.tessera.cli;

import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.network.NetworkException;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSummary;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The text of {@code tessera summary}. */
final class NetworkOverview {
  private NetworkOverview() {}

  /**
   * @param classes as given, or null
   */
  static String of(JobOptions options, @Nullable Integer classes) {
    Job job = JobParser.read(options.job(), options.overrides());
    ClassCount count =
        classes == null ? ClassCount.of(job) : new ClassCount(classes, "as --classes says");
    return NetworkSummary.of(compile(job, count.classes()))
        + String.format(Locale.ROOT, "Classes: %d, %s.%n", count.classes(), count.source());
  }

  private static NetworkPlan compile(Job job, int classes) {
    try {
      return job.model().compile(job.image().shape(), classes);
    } catch (NetworkException e) {
      throw new JobException(job.modelOrigin().locate(e), e);
    }
  }
}
