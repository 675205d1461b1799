package dev.tessera.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tessera prepare}. No method of it may name a class of Spark: picocli looks at all of them.
 */
@Command(
    name = "prepare",
    description = "Reads the images of a job once and packs them for training.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    footer = {
      "",
      "Run it again after a failure: what is whole stays. docs/prepare.md describes the files.",
      "Options of spark-submit, such as --master and --conf, go before JOB or after it."
    })
final class PrepareCommand implements Callable<Integer> {
  private static final int BEST_QUALITY = 100;

  private final Supplier<Runs> runs;

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = {
        "Where to, for example packed/photos; with executors on other machines a path that all of"
            + " them see."
      })
  private String folder = "";

  @Option(
      names = "--jpeg-quality",
      paramLabel = "Q",
      description = {
        "Packs JPEG files at the job's size, of quality 1 to 100. Left out, pixels are packed: more"
            + " bytes, nothing to decode, and exactly what training on the originals sees."
      })
  private @Nullable Integer quality;

  @Spec private CommandSpec spec = CommandSpec.create();

  PrepareCommand(Supplier<Runs> runs) {
    this.runs = runs;
  }

  @Override
  public Integer call() {
    if (quality != null && (quality < 1 || quality > BEST_QUALITY)) {
      throw new ParameterException(
          spec.commandLine(),
          "--jpeg-quality = "
              + quality
              + ": a quality is 1 (smallest) to 100 (nearest to the picture); 90 is usual");
    }
    spec.commandLine().getOut().print(JobRuns.prepare(runs.get(), options, folder, quality));
    return ExitCode.DONE.number();
  }
}
