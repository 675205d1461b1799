package dev.tessera.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tessera preview}. */
@Command(
    name = "preview",
    description = "Draws some training images of a job, as they are and as augmented.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    footer = {
      "",
      "Options of spark-submit, such as --master and --conf, go before JOB or after it."
    })
final class PreviewCommand implements Callable<Integer> {
  /** A sheet of more rows is nothing to look at. */
  private static final int MOST = 200;

  private final Supplier<Runs> runs;

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The picture, for example sheet.png, in place of one that is there.")
  private String out = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many images, 1 to 200, of as many classes as there are; 10 if left out.")
  private int count = 10;

  @Spec private CommandSpec spec = CommandSpec.create();

  PreviewCommand(Supplier<Runs> runs) {
    this.runs = runs;
  }

  @Override
  public Integer call() {
    if (count < 1 || count > MOST) {
      throw new ParameterException(
          spec.commandLine(),
          "--count " + count + ": a whole number from 1 to " + MOST + " belongs here");
    }
    spec.commandLine().getOut().print(JobRuns.preview(runs.get(), options, out, count));
    return ExitCode.DONE.number();
  }
}
