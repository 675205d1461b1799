package dev.tessera.cli;

import dev.tessera.dataset.TaskFailedException;
import dev.tessera.error.TesseraException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
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
    OutOfMemoryError memory = cause(failure, OutOfMemoryError.class);
    if (memory != null) {
      err.println(
          "tessera: out of memory: "
              + memory.getMessage()
              + ".\n  Give the driver more with --driver-memory, which with a local master counts for the"
              + " workers too, and executors with --executor-memory; or make image.height, image.width"
              + " or training.batchSize smaller.");
      return ExitCode.DEFECT;
    }
    // An error in a task makes Spark end the JVM as well.
    if (ending() && cause(failure, Error.class) == null) {
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
    if (isFullDisk(failure)) {
      err.println(
          "tessera: a disk is full: "
              + Objects.requireNonNull(cause(failure, IOException.class)).getMessage()
              + ".\n  Make room where the run folder and Spark's spark.local.dir are, then start again.");
      return ExitCode.STORAGE;
    }
    NoClassDefFoundError missing = cause(failure, NoClassDefFoundError.class);
    if (missing != null
        && String.valueOf(missing.getMessage()).matches("org/apache/(spark|hadoop)/.*")) {
      err.println(
          "tessera: Spark is not on the class path.\n  Start with scripts/tessera, or with spark-submit.");
      return ExitCode.BAD_INPUT;
    }
    TaskFailedException task = cause(failure, TaskFailedException.class);
    if (task != null) {
      // Of its stack three quarters are Spark's; train.log has all of it.
      err.println("tessera: " + task.getMessage());
    } else {
      failure.printStackTrace(err);
      err.println("tessera: " + failure);
    }
    err.println(
        "  This is a defect of Tessera. Please report it with the lines above, train.log of"
            + " the run folder, the job file and these versions: "
            + Versions.all());
    return ExitCode.DEFECT;
  }

  /**
   * Says what ended a thread that is not ours, as Java does; nothing after a signal, when Spark's
   * stop interrupts its own threads.
   */
  static void uncaught(Throwable failure, PrintWriter err) {
    if (!ending()) {
      failure.printStackTrace(err);
    }
  }

  static boolean isFullDisk(Throwable failure) {
    IOException io = cause(failure, IOException.class);
    return io != null && String.valueOf(io.getMessage()).contains("No space left on device");
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
