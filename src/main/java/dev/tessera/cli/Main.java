package dev.tessera.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code tessera}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintWriter err = writer(System.err);
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> Failures.uncaught(e, err));
    // A lambda, not SparkRuns::new: that would load the class, and Spark with it, for --help too.
    System.exit(run(args, () -> new SparkRuns(err), writer(System.out), err));
  }

  static int run(String[] args, Supplier<Runs> runs, PrintWriter out, PrintWriter err) {
    try {
      return commandLine(runs, out, err).execute(args);
    } catch (Throwable e) {
      // picocli lets errors pass; out of memory and missing classes need an explanation too.
      return Failures.report(e, err);
    } finally {
      out.flush();
      err.flush();
    }
  }

  static CommandLine commandLine(Supplier<Runs> runs, PrintWriter out, PrintWriter err) {
    return new CommandLine(new TesseraCommand())
        .addSubcommand(new TrainCommand(runs))
        .addSubcommand(new EvaluateCommand(runs))
        .addSubcommand(new PrepareCommand(runs))
        .addSubcommand(new SummaryCommand())
        .addSubcommand(new PreviewCommand(runs))
        .addSubcommand(new ReportCommand())
        .setOut(out)
        .setErr(err)
        // Values may begin with @.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(Main::wrongCommandLine)
        .setExecutionExceptionHandler((e, command, parsed) -> Failures.report(e, command.getErr()));
  }

  private static int wrongCommandLine(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("tessera: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("  " + command.getCommandSpec().qualifiedName() + " --help lists what there is.");
    err.flush();
    return ExitCode.BAD_INPUT.number();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
  }
}
