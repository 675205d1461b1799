package dev.tessera.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the subcommands take that start Spark, and so have a log. */
final class RunOptions extends JobOptions {
  static final String LOG_FORMAT = "--log-format";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /** {@link Messages} has found it before. */
  @Option(
      names = LOG_FORMAT,
      paramLabel = "FORM",
      description = {
        "What standard error is: text for people, or json, one object a line, for schedulers."
            + " Default: text."
      })
  void checkLogFormat(String form) {
    if (Form.named(form) == null) {
      throw new ParameterException(
          command.commandLine(),
          LOG_FORMAT + " " + form + ": there are text and json to choose from");
    }
  }
}
