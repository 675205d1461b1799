package dev.tessera.dataset;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;

/** Waits for a long Spark job and says now and then how far it is. */
final class Watched {
  private static final long EVERY_SECONDS = 10;

  private Watched() {}

  /**
   * The result of a job.
   *
   * @param report called every ten seconds while it runs
   * @throws dev.tessera.error.TesseraException that made a task fail, where there is one
   */
  static <T> T result(JavaFutureAction<T> job, Runnable report) {
    return TaskFailures.unwrapped(() -> await(job, report));
  }

  private static <T> T await(JavaFutureAction<T> job, Runnable report) {
    while (true) {
      try {
        return job.get(EVERY_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        report.run();
      } catch (ExecutionException e) {
        throw new IllegalStateException("Spark job failed: " + e.getMessage(), e);
      } catch (InterruptedException e) {
        job.cancel(true);
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while listing", e);
      }
    }
  }
}
