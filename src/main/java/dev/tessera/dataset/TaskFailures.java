package dev.tessera.dataset;

import dev.tessera.error.TesseraException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings a failure that a task named for the user out of Spark's wrapping. */
public final class TaskFailures {
  private TaskFailures() {}

  /**
   * Runs a Spark action.
   *
   * @throws TesseraException that made a task fail, where there is one; anything else as Spark
   *     throws it
   */
  public static <T> T unwrapped(Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      throw named(e);
    } catch (Exception e) {
      // Spark throws its checked SparkException without declaring it.
      throw named(new IllegalStateException("Spark job failed: " + e.getMessage(), e));
    }
  }

  private static RuntimeException named(RuntimeException failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof TesseraException named) {
        return named;
      }
    }
    return failure;
  }
}
