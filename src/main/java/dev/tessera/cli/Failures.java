package dev.tessera.cli;

import dev.tessera.dataset.TaskFailedException;
import dev.tessera.error.TesseraException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a failure means to the user, and its exit code. */
final class Failures {
  private static final int MOST_CAUSES = 100;

  private Failures() {}

  static Failure explain(Throwable failure) {
    OutOfMemoryError memory = cause(failure, OutOfMemoryError.class);
    if (memory != null) {
      return Failure.of(
          ExitCode.DEFECT,
          "out of memory: "
              + memory.getMessage()
              + ".\n  Give the driver more with --driver-memory, which with a local master counts for the"
              + " workers too, and executors with --executor-memory; or make image.height, image.width"
              + " or training.batchSize smaller.");
    }
    // An error in a task makes Spark end the JVM as well.
    if (ending() && cause(failure, Error.class) == null) {
      // Spark stops at once and makes everything fail that still runs.
      return new Failure(
          Failure.Kind.STOPPED,
          ExitCode.DEFECT,
          "stopped by a signal before the end. Every file that was written is whole.",
          null);
    }
    TesseraException known = cause(failure, TesseraException.class);
    if (known != null) {
      return Failure.of(ExitCode.of(known), String.valueOf(known.getMessage()));
    }
    if (isFullDisk(failure)) {
      return Failure.of(
          ExitCode.STORAGE,
          "a disk is full: "
              + Objects.requireNonNull(cause(failure, IOException.class)).getMessage()
              + ".\n  Make room where the run folder and Spark's spark.local.dir are, then start again.");
    }
    NoClassDefFoundError missing = cause(failure, NoClassDefFoundError.class);
    if (missing != null
        && String.valueOf(missing.getMessage()).matches("org/apache/(spark|hadoop|logging)/.*")) {
      return Failure.of(
          ExitCode.BAD_INPUT,
          "Spark is not on the class path.\n  Start with scripts/tessera, or with spark-submit.");
    }
    return defect(failure);
  }

  private static Failure defect(Throwable failure) {
    TaskFailedException task = cause(failure, TaskFailedException.class);
    String what = task == null ? failure.toString() : String.valueOf(task.getMessage());
    return new Failure(
        Failure.Kind.FAILED,
        ExitCode.DEFECT,
        what
            + "\n  This is a defect of Tessera. Please report it with the lines above, train.log of"
            + " the run folder, the job file and these versions: "
            + Versions.all(),
        // Of a task's stack three quarters are Spark's; train.log has all of it.
        task == null ? failure : null);
  }

  static boolean isFullDisk(Throwable failure) {
    IOException io = cause(failure, IOException.class);
    return io != null && String.valueOf(io.getMessage()).contains("No space left on device");
  }

  /** True after a signal, and after an error in a task of a local master, with which Spark ends. */
  static boolean ending() {
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
