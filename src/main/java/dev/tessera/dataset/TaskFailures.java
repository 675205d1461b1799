package dev.tessera.dataset;

import dev.tessera.error.TesseraException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings a failure that a task named for the user out of Spark's wrapping. */
public final class TaskFailures {
  private TaskFailures() {}

  /** The same, of a job that has no name of its own. */
  public static <T> T unwrapped(Supplier<T> action) {
    return unwrapped(SparkJob.ANY, action);
  }

  /**
   * Runs a Spark action.
   *
   * @param job what it is to the user
   * @throws TesseraException that made a task fail, or that says why Spark gave up
   * @throws TaskFailedException if a task threw something else
   */
  public static <T> T unwrapped(SparkJob job, Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      throw named(e, job);
    } catch (Exception e) {
      // Spark throws its checked SparkException without declaring it.
      throw named(new IllegalStateException("Spark job failed: " + e.getMessage(), e), job);
    }
  }

  private static RuntimeException named(RuntimeException failure, SparkJob job) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof TesseraException named) {
        return named;
      }
    }
    @Nullable RuntimeException explained = SparkFailure.explained(failure, job);
    return explained == null ? failure : explained;
  }
}
