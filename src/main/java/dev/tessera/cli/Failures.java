package dev.tessera.cli;

import dev.tessera.error.TesseraException;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Says on standard error why a command failed, and gives its exit code. */
final class Failures {
  private static final int MOST_CAUSES = 100;

  private Failures() {}

  static int report(Throwable failure, PrintWriter err) {
    ExitCode code = explain(failure, err);
    err.flush();
    return code.number();
  }

  private static ExitCode explain(Throwable failure, PrintWriter err) {
    if (ending()) {
      // Spark stops at once and makes everything fail that still runs. The JVM gives the exit code.
      err.println(
          "tessera: stopped by a signal before the end. Every file that was written is whole.");
      return ExitCode.DEFECT;
    }
    TesseraException known = cause(failure, TesseraException.class);
    if (known != null) {
      err.println("tessera: " + known.getMessage());
      return ExitCode.of(known);
    }
    IOException io = cause(failure, IOException.class);
    if (io != null && String.valueOf(io.getMessage()).contains("No space left on device")) {
      err.println(
          "tessera: a disk is full: "
              + io.getMessage()
              + ".\n  Make room where the run folder and Spark's spark.local.dir are, then start again.");
      return ExitCode.STORAGE;
    }
    NoClassDefFoundError missing = cause(failure, NoClassDefFoundError.class);
    if (missing != null && String.valueOf(missing.getMessage()).startsWith("org/apache/spark/")) {
      err.println(
          "tessera: Spark is not on the class path.\n  Start with scripts/tessera, or with spark-submit.");
      return ExitCode.BAD_INPUT;
    }
    failure.printStackTrace(err);
    err.println("tessera: " + failure);
    err.println(
        "  This is a defect of Tessera. Please report it with the lines above, the job file and these"
            + " versions: "
            + Versions.all());
    return ExitCode.DEFECT;
  }

  /** True after a signal: nothing else ends the JVM before a command has reported. */
  private static boolean ending() {
    try {
      Runtime.getRuntime().removeShutdownHook(new Thread());
      return false;
    } catch (IllegalStateException e) {
      // The one thing that it is thrown for.
      return true;
    }
  }

  /** Spark wraps what its jobs throw. */
  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> kind) {
    Throwable link = failure;
    // A chain may end in itself.
    for (int i = 0; i < MOST_CAUSES && link != null; i++) {
      if (kind.isInstance(link)) {
        return kind.cast(link);
      }
      link = link.getCause();
    }
    return null;
  }
}
