package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.network.Shape;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MinibatchesAheadTest {
  private static final Shape.Image SHAPE = new Shape.Image(1, 1, 1);

  /** Writes the number of the step into the first pixel; fails at a given step. */
  private static final class Steps implements Minibatches.Filler {
    private final int failing;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int last = -1;
    private volatile @Nullable Thread thread;

    Steps(int failing) {
      this.failing = failing;
    }

    @Override
    public void fill(Minibatch minibatch, int step) {
      if (step == failing) {
        throw new IllegalArgumentException("step " + step);
      }
      minibatch.pixels()[0] = (byte) step;
      thread = Thread.currentThread();
      last = step;
    }

    /** Returns when the thread waits after a step: nothing is left that it may write to. */
    void awaitIdleAfter(int step) throws InterruptedException {
      for (int polls = 0; polls < 10_000; polls++) {
        Thread filling = thread;
        if (last >= step && filling != null && filling.getState() == Thread.State.TIMED_WAITING) {
          return;
        }
        closed.await(1, TimeUnit.MILLISECONDS);
      }
      throw new AssertionError("Step " + last + " is the last, " + step + " was awaited");
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static MinibatchesAhead ahead(Steps steps, int first, int end) {
    List<Minibatch> buffers = Stream.generate(() -> new Minibatch(SHAPE, 1)).limit(3).toList();
    return new MinibatchesAhead(buffers, steps, first, end);
  }

  @Test
  void comeInOrderWhateverTheThreadIsAheadOf() {
    Steps steps = new Steps(-1);
    try (MinibatchesAhead minibatches = ahead(steps, 3, 50)) {
      for (int step = 3; step < 50; step++) {
        assertThat(minibatches.next().pixels()[0]).isEqualTo((byte) step);
      }
      assertThatThrownBy(minibatches::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("There are no more minibatches");
    }
    assertThat(steps.closed.getCount()).isZero();
  }

  @Test
  void failureComesAfterTheMinibatchesBeforeIt() {
    Steps steps = new Steps(2);
    try (MinibatchesAhead minibatches = ahead(steps, 0, 50)) {
      assertThat(minibatches.next().pixels()[0]).isZero();
      assertThat(minibatches.next().pixels()[0]).isEqualTo((byte) 1);
      assertThatThrownBy(minibatches::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("step 2");
    }
    assertThat(steps.closed.getCount()).isZero();
  }

  @Test
  void closingWaitsForTheThreadWhereverItIs() {
    Steps steps = new Steps(-1);
    ahead(steps, 0, 1_000_000).close();
    assertThat(steps.closed.getCount()).isZero();
  }

  @Test
  void whatIsLentIsNotWrittenToBeforeTheNextCall() throws Exception {
    Steps steps = new Steps(-1);
    try (MinibatchesAhead minibatches = ahead(steps, 0, 50)) {
      for (int step = 0; step < 6; step++) {
        Minibatch lent = minibatches.next();
        // Of three buffers, two are ready beside the one that is lent.
        steps.awaitIdleAfter(step + 2);
        assertThat(lent.pixels()[0]).isEqualTo((byte) step);
        assertThat(steps.last).isEqualTo(step + 2);
      }
    }
  }

  /** Never makes one; ends when it is interrupted. */
  private static Minibatches.Filler hanging() {
    CountDownLatch never = new CountDownLatch(1);
    return new Minibatches.Filler() {
      @Override
      public void fill(Minibatch minibatch, int step) {
        try {
          never.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void aMinibatchThatIsNeverMadeIsNotWaitedForForEver() {
    Duration limit = Duration.ofMillis(1);
    try (MinibatchesAhead minibatches =
        new MinibatchesAhead(List.of(new Minibatch(SHAPE, 1)), hanging(), 0, 9, limit)) {
      assertThatThrownBy(minibatches::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "A minibatch was not made within 0 seconds: reading or decoding its examples hangs in ");
    }
  }

  @Test
  void interruptedCallerStopsWaiting() {
    try (MinibatchesAhead minibatches =
        new MinibatchesAhead(List.of(new Minibatch(SHAPE, 1)), hanging(), 0, 9)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(minibatches::next)
          .hasMessage("Interrupted while a minibatch was being made");
      // Taken back, for closing to wait.
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
