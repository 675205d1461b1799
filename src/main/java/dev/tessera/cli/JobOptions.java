package dev.tessera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every subcommand takes. */
class JobOptions {
  @Parameters(
      paramLabel = "JOB",
      description =
          "The job file, for example jobs/quickstart.conf; docs/job-file.md lists its keys.")
  private String job = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "Sets a key of the job for this run, for example --set training.epochs=5. May be given many"
            + " times."
      })
  private List<String> overrides = new ArrayList<>();

  Path job() {
    return Path.of(job);
  }

  /** As the job parser takes them. */
  List<String> overrides() {
    return List.copyOf(overrides);
  }

  /** The same with another run folder, unless it is null. */
  List<String> overrides(@Nullable String runDir) {
    List<String> all = new ArrayList<>(overrides);
    if (runDir != null) {
      // In quotation marks the folder is taken as it stands, whatever characters it has.
      all.add("run.dir=\"" + runDir.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }
    return all;
  }

  /** The same options for a shell, without the run folder and without settings of {@code key}. */
  String commandLineWithout(String key) {
    StringBuilder line = new StringBuilder(quoted(job));
    overrides.stream()
        .filter(override -> !override.startsWith(key + "="))
        .forEach(override -> line.append(" --set ").append(quoted(override)));
    return line.toString();
  }

  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
