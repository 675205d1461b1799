package dev.tessera.round;

import dev.tessera.stats.Evaluation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a listener hears to one other thread, in order, so that records and logs are made
 * beside the next round. The only thread that the driver adds to Spark's; its owner closes it.
 *
 * <p>A failure of the listener comes out of a later call, or of {@link #close}. At most {@link
 * #MAX_WAITING} rounds wait; then the caller waits too.
 */
public final class BesideListener implements TrainingListener, AutoCloseable {
  private static final int MAX_WAITING = 4;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final TrainingListener listener;
  private final ExecutorService thread;
  private final Deque<Future<?>> waiting = new ArrayDeque<>();

  public BesideListener(TrainingListener listener) {
    this.listener = listener;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread beside = new Thread(task, "tessera-records");
              beside.setDaemon(true);
              return beside;
            });
  }

  @Override
  public void roundFinished(RoundReport report) {
    submit(() -> listener.roundFinished(report));
  }

  @Override
  public void evaluated(RoundReport report, Evaluation evaluation) {
    submit(() -> listener.evaluated(report, evaluation));
  }

  @Override
  public void rolledBack(RoundPlan round, String causes, double learningRate) {
    submit(() -> listener.rolledBack(round, causes, learningRate));
  }

  /**
   * Does something between what the listener hears, and waits for it. For any thread.
   *
   * @return false if it was not done in time, or the listener has been closed
   */
  public boolean between(Runnable task, Duration longest) {
    try {
      thread.submit(task).get(longest.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (RejectedExecutionException | TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void submit(Runnable task) {
    while (!waiting.isEmpty() && (waiting.size() >= MAX_WAITING || waiting.getFirst().isDone())) {
      finish(waiting.removeFirst());
    }
    waiting.addLast(thread.submit(task));
  }

  /** Waits for everything that was handed over, then ends the thread. May be called twice. */
  @Override
  public void close() {
    thread.shutdown();
    RuntimeException failure = null;
    while (!waiting.isEmpty()) {
      try {
        finish(waiting.removeFirst());
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else if (failure != e) {
          failure.addSuppressed(e);
        }
      }
    }
    awaitEnd();
    if (failure != null) {
      throw failure;
    }
  }

  /** What {@link #between} has done is not among those that wait. */
  private void awaitEnd() {
    try {
      if (!thread.awaitTermination(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        throw late(null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static IllegalStateException late(@Nullable TimeoutException cause) {
    return new IllegalStateException(
        "Records of a round were not written within "
            + LONGEST_WAIT.toMinutes()
            + " minutes. Check the file system of the run folder.",
        cause);
  }

  private static void finish(Future<?> task) {
    try {
      task.get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw late(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("Cannot record a round", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while records were written", e);
    }
  }
}
