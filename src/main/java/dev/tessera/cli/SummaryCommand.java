package dev.tessera.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tessera summary}: needs neither Spark nor the images. */
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

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(NetworkOverview.of(options, classes));
    return ExitCode.DONE.number();
  }
}
