package dev.tessera.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Mixin private JobOptions options = new JobOptions();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "The run folder, in place of the job's run.dir.")
  private @Nullable String runDir;

  @Spec private CommandSpec spec = CommandSpec.create();

  TrainCommand(Supplier<Runs> runs) {
    this.runs = runs;
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(JobRuns.train(runs.get(), options, runDir));
    return ExitCode.DONE.number();
  }
}
