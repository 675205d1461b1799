package dev.tessera.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tessera evaluate}. */
@Command(
    name = "evaluate",
    description = "Evaluates a trained model on the test set of a job.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    footer = {
      "",
      "Options of spark-submit, such as --master and --conf, go before JOB or after it."
    })
final class EvaluateCommand implements Callable<Integer> {
  private final Supplier<Runs> runs;

  @Mixin private RunOptions options = new RunOptions();

  @Mixin private OutputFormat output = new OutputFormat();

  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description = "The model, for example runs/quickstart/model.zip.")
  private String model = "";

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = {
        "Writes evaluation.json, with the figures of every class, into DIR, in place of one that"
            + " is there. Left out, nothing is written."
      })
  private @Nullable String runDir;

  @Spec private CommandSpec spec = CommandSpec.create();

  EvaluateCommand(Supplier<Runs> runs) {
    this.runs = runs;
  }

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .println(JobRuns.evaluate(runs.get(), options, model, runDir, output.form()));
    return ExitCode.DONE.number();
  }
}
