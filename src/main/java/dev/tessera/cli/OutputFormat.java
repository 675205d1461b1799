package dev.tessera.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --output}, of the commands whose result a program may want. */
final class OutputFormat {
  static final String OPTION = "--output";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  private Form form = Form.TEXT;

  @Option(
      names = OPTION,
      paramLabel = "FORM",
      description = {
        "What standard output is: text for people, or json, the result as one object on one line, of"
            + " a failure too. Default: text."
      })
  void choose(String word) {
    Form chosen = Form.named(word);
    if (chosen == null) {
      throw new ParameterException(
          command.commandLine(), OPTION + " " + word + ": there are text and json to choose from");
    }
    form = chosen;
  }

  Form form() {
    return form;
  }
}
