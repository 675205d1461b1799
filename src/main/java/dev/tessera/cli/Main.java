package dev.tessera.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code tessera}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Messages messages = Messages.of(args, writer(System.out), writer(System.err));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          // After a signal Spark's stop interrupts its own threads.
          if (!Failures.ending()) {
            messages.uncaught(e);
          }
        });
    // A lambda, not SparkRuns::new: that would load the class, and Spark with it, for --help too.
    int code = run(args, () -> new SparkRuns(messages), messages);
    System.exit(messages.exitCode(code, System.out));
  }

  static int run(String[] args, Supplier<Runs> runs, Messages messages) {
    try {
      return commandLine(runs, messages).execute(args);
    } catch (Throwable e) {
      // picocli lets errors pass; out of memory and missing classes need an explanation too.
      return messages.failed(Failures.explain(e));
    } finally {
      messages.flush();
    }
  }

  static CommandLine commandLine(Supplier<Runs> runs, Messages messages) {
    return new CommandLine(new TesseraCommand())
        .addSubcommand(new TrainCommand(runs))
        .addSubcommand(new EvaluateCommand(runs))
        .addSubcommand(new PrepareCommand(runs))
        .addSubcommand(new SummaryCommand())
        .addSubcommand(new PreviewCommand(runs))
        .addSubcommand(new ReportCommand())
        .setOut(messages.out())
        .setErr(messages.err())
        // Values may begin with @.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((e, arguments) -> messages.failed(wrongCommandLine(e)))
        .setExecutionExceptionHandler((e, command, parsed) -> messages.failed(Failures.explain(e)));
  }

  private static Failure wrongCommandLine(ParameterException e) {
    CommandLine command = e.getCommandLine();
    StringWriter message = new StringWriter();
    PrintWriter lines = new PrintWriter(message);
    lines.println(e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, lines);
    lines.print("  " + command.getCommandSpec().qualifiedName() + " --help lists what there is.");
    lines.flush();
    return Failure.of(ExitCode.BAD_INPUT, message.toString());
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
  }
}
