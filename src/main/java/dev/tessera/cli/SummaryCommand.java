package dev.tessera.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tessera summary}: needs no images, and Spark only to write. */
@Command(
    name = "summary",
    description = "Prints the network of a job: layers, output shapes, parameters.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class)
final class SummaryCommand implements Callable<Integer> {
  @Mixin private JobOptions options = new JobOptions();

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Number of classes. Left out, the job or its images tell it, else it is 10.")
  private @Nullable Integer classes;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = {
        "Writes the network into DIR/summary.txt too, in place of one that is there. Left out,"
            + " nothing is written."
      })
  private @Nullable String runDir;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    NetworkOverview overview = NetworkOverview.of(options, classes);
    if (runDir != null) {
      overview.writeTo(runDir);
    }
    spec.commandLine().getOut().print(overview.text());
    return ExitCode.DONE.number();
  }
}
