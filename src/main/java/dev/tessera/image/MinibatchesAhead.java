package dev.tessera.image;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Minibatches that a thread of their own fills ahead, while the caller computes: decoding and
 * augmentation then take what the machine has to spare. What is in them does not depend on it.
 *
 * <p>Owns the thread; closing ends it and waits for it.
 */
public final class MinibatchesAhead implements Minibatches {
  private static final long LOOK_SECONDS = 1;

  /**
   * For one minibatch, whose examples may have to be read and decoded: something hangs after it.
   */
  private static final Duration LONGEST_FILL = Duration.ofMinutes(10);

  /** For one step of the caller: the thread ends then, and does not outlive a task for ever. */
  private static final Duration LONGEST_STEP = Duration.ofHours(6);

  private static final long CLOSE_MILLIS = 60_000;

  private final BlockingQueue<Minibatch> empty;
  private final BlockingQueue<Minibatch> filled;
  private final Duration longestFill;
  private final Thread thread;
  private volatile @Nullable Throwable failure;
  private @Nullable Minibatch lent;

  /**
   * Starts to fill.
   *
   * @param buffers at least two, which are this object's from now on
   * @param filler used and closed on the thread
   * @param endStep the step after the last
   */
  public MinibatchesAhead(List<Minibatch> buffers, Filler filler, int firstStep, int endStep) {
    this(buffers, filler, firstStep, endStep, LONGEST_FILL);
  }

  /** The same with another limit for one minibatch. */
  MinibatchesAhead(
      List<Minibatch> buffers, Filler filler, int firstStep, int endStep, Duration longestFill) {
    this.longestFill = longestFill;
    empty = new ArrayBlockingQueue<>(buffers.size(), false, buffers);
    filled = new ArrayBlockingQueue<>(buffers.size());
    thread = new Thread(() -> run(filler, firstStep, endStep), "tessera-minibatches-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Filler filler, int firstStep, int endStep) {
    try (filler) {
      for (int step = firstStep; step < endStep; step++) {
        Minibatch buffer = empty.poll(LONGEST_STEP.toSeconds(), TimeUnit.SECONDS);
        if (buffer == null) {
          throw new IllegalStateException(
              "No minibatch was taken for " + LONGEST_STEP.toHours() + " hours");
        }
        filler.fill(buffer, step);
        // There is room for all buffers.
        filled.add(buffer);
      }
    } catch (InterruptedException e) {
      // Closed before its end.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /**
   * Waits for it.
   *
   * @throws IllegalStateException if the steps are over, the thread is interrupted, or it takes
   *     longer than ten minutes
   * @throws RuntimeException that the filler threw, as it is, after the minibatches before
   */
  @Override
  public Minibatch next() {
    if (lent != null) {
      empty.add(lent);
      lent = null;
    }
    long began = System.nanoTime();
    try {
      while (true) {
        // Asked before the queue: a thread that has ended adds nothing any more.
        boolean ended = !thread.isAlive();
        Minibatch next = filled.poll(ended ? 0 : LOOK_SECONDS, TimeUnit.SECONDS);
        if (next != null) {
          lent = next;
          return next;
        }
        if (ended) {
          throw end();
        }
        if (System.nanoTime() - began > longestFill.toNanos()) {
          throw new IllegalStateException(
              "A minibatch was not made within "
                  + longestFill.toSeconds()
                  + " seconds: reading or decoding its examples hangs in "
                  + place(thread.getStackTrace()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a minibatch was being made", e);
    }
  }

  private static String place(StackTraceElement[] stack) {
    return stack.length == 0 ? "nothing" : stack[0].toString();
  }

  private RuntimeException end() {
    Throwable cause = failure;
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException known
        ? known
        : new IllegalStateException("There are no more minibatches");
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
