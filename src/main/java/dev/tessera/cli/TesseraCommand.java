package dev.tessera.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tessera} without a subcommand. */
@Command(
    name = "tessera",
    description = "Trains convolutional networks over Apache Spark by parameter averaging.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "First steps:",
      "  scripts/tessera train jobs/quickstart.conf",
      "  scripts/tessera COMMAND --help"
    })
final class TesseraCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a subcommand belongs here: train, evaluate, prepare, summary, preview or report");
  }
}
