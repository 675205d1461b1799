package dev.tessera.cli;

import dev.tessera.run.Resume;
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
 * {@code tessera train}. No method of it may name a class of Spark: picocli looks at all of them.
 */
@Command(
    name = "train",
    description = "Trains the network of a job, and evaluates it.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    footer = {
      "",
      "Options of spark-submit, such as --master and --conf, go before JOB or after it.",
      "Exit codes: 0 done, 1 a defect of Tessera, 2 the command line, the job or its input is wrong,"
          + " 3 too many bad images, 4 training diverged, 5 a file could not be read or written."
    })
final class TrainCommand implements Callable<Integer> {
  private final Supplier<Runs> runs;

  @Mixin private RunOptions options = new RunOptions();

  @Mixin private OutputFormat output = new OutputFormat();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "The run folder, in place of the job's run.dir.")
  private @Nullable String runDir;

  @Option(
      names = "--resume",
      paramLabel = "HOW",
      defaultValue = "auto",
      description = {
        "What becomes of a run that has begun in the run folder: auto goes on from its last checkpoint,"
            + " or begins anew where there is none; never refuses the folder; require refuses one"
            + " without a checkpoint. Default: auto."
      })
  private String resume = "auto";

  @Spec private CommandSpec spec = CommandSpec.create();

  TrainCommand(Supplier<Runs> runs) {
    this.runs = runs;
  }

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .print(JobRuns.train(runs.get(), options, runDir, resume(), output.form()));
    return ExitCode.DONE.number();
  }

  private Resume resume() {
    return switch (resume) {
      case "auto" -> Resume.AUTO;
      case "never" -> Resume.NEVER;
      case "require" -> Resume.REQUIRE;
      default ->
          throw new ParameterException(
              spec.commandLine(),
              "--resume " + resume + ": there are auto, never and require to choose from");
    };
  }
}
