package dev.tessera;

import dev.tessera.report.Report;
import dev.tessera.run.RunFolder;
import dev.tessera.spark.HadoopSettings;
import dev.tessera.spark.HadoopStorage;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Reports of runs that lie on any Hadoop file system. Needs no Spark session. */
public final class RunReports {
  /** Of several runs, in the folder of the first. */
  static final String COMPARISON = "comparison.html";

  private RunReports() {}

  /**
   * Writes the HTML file.
   *
   * @param runs their folders, at least one
   * @param to the file, or null for {@code report.html} in the run's folder, or, of several runs,
   *     {@code comparison.html} in the first one's
   * @return where it is
   * @throws dev.tessera.error.JobException if there is no run, or nothing recorded of it
   */
  public static String write(List<String> runs, @Nullable String to) {
    Configuration configuration = HadoopSettings.given();
    RunFolder first = folder(runs.get(0), configuration);
    String file = to == null ? first.file(runs.size() == 1 ? RunFolder.REPORT : COMPARISON) : to;
    OutputFile target = OutputFile.of(file, configuration, "write a report", "report.html");
    target.folder().writeText(target.name(), report(runs, configuration).html());
    return file;
  }

  /** The same story for a terminal. */
  public static String text(List<String> runs) {
    return report(runs, HadoopSettings.given()).text();
  }

  private static Report report(List<String> runs, Configuration configuration) {
    return Report.of(runs.stream().map(run -> folder(run, configuration)).toList());
  }

  private static RunFolder folder(String run, Configuration configuration) {
    return RunFolder.at(HadoopStorage.of(run, configuration), run);
  }
}
