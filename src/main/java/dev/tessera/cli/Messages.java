package dev.tessera.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the program itself says beside the log, in the forms that the command line asks for: on
 * standard error what is wrong, and on standard output, in JSON alone, that there is no result.
 */
final class Messages {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String LOGGER = "dev.tessera.cli";

  private final PrintWriter out;
  private final PrintWriter err;
  private final Form log;
  private final Form output;

  private Messages(PrintWriter out, PrintWriter err, Form log, Form output) {
    this.out = out;
    this.err = err;
    this.log = log;
    this.output = output;
  }

  static Messages of(String[] arguments, PrintWriter out, PrintWriter err) {
    return new Messages(
        out,
        err,
        Form.in(arguments, RunOptions.LOG_FORMAT),
        Form.in(arguments, OutputFormat.OPTION));
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  /** The form of the log. */
  Form log() {
    return log;
  }

  /** Says why a command failed. @return its exit code */
  int failed(Failure failure) {
    switch (log) {
      case TEXT -> {
        if (failure.defect() != null) {
          failure.defect().printStackTrace(err);
        }
        err.println("tessera: " + failure.message());
      }
      case JSON ->
          err.println(
              failure.putExitCode(line("ERROR", LOGGER, failure.message(), failure.defect())));
    }
    if (output == Form.JSON) {
      out.println(Results.of(failure));
    }
    flush();
    return failure.code().number();
  }

  /** Says something that the user may want to change. */
  void warn(String text) {
    err.println(log == Form.JSON ? line("WARN", LOGGER, text, null) : "tessera: warning: " + text);
    flush();
  }

  /** Says what ended a thread that is not ours, as Java does. */
  void uncaught(Throwable failure) {
    if (log == Form.JSON) {
      err.println(line("ERROR", LOGGER, failure.toString(), failure));
    } else {
      failure.printStackTrace(err);
    }
    flush();
  }

  /**
   * The exit code of a command that is over: a program that waits for the result must learn that it
   * could not be written.
   *
   * @param terminal standard output itself
   */
  int exitCode(int code, PrintStream terminal) {
    if (output == Form.JSON && code == ExitCode.DONE.number() && terminal.checkError()) {
      return failed(
          Failure.of(
              ExitCode.STORAGE,
              "standard output: the result could not be written there. Make room where it goes, and"
                  + " start the same command again: a run that is over only tells its result."));
    }
    return code;
  }

  void flush() {
    out.flush();
    err.flush();
  }

  /** As {@code conf/log4j2.properties} has lines of the log. */
  static JsonLine line(String level, String logger, String message, @Nullable Throwable stack) {
    JsonLine line =
        new JsonLine()
            .put("time", TIME.format(Instant.now()))
            .put("level", level)
            .put("logger", logger)
            .put("message", message);
    if (stack != null) {
      StringWriter text = new StringWriter();
      stack.printStackTrace(new PrintWriter(text));
      line.put("stack", text.toString());
    }
    return line;
  }
}
