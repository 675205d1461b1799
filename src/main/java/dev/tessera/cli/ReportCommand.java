package dev.tessera.cli;

import dev.tessera.RunReports;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tessera report}: reads run folders, and needs Spark only for their file systems. */
@Command(
    name = "report",
    description =
        "Writes what runs did into one HTML file: did it learn, what limits it, are the workers"
            + " together.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class)
final class ReportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description =
          "The folder of a run, for example runs/quickstart; it may still go on, or have died. Several"
              + " are compared.")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = {
        "The file, in place of one that is there. Left out, it is RUN/report.html, and of several"
            + " runs comparison.html in the first one's folder."
      })
  private @Nullable String to;

  @Option(
      names = "--text",
      description = "Prints the same in thirty lines a run, and writes nothing.")
  private boolean text;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (text && to != null) {
      throw new ParameterException(
          spec.commandLine(), "--text prints and --to writes: give one of them");
    }
    spec.commandLine()
        .getOut()
        .print(
            text
                ? RunReports.text(runs)
                : String.format("The report is in %s%n", RunReports.write(runs, to)));
    return ExitCode.DONE.number();
  }
}
