package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.stats.Evaluation;
import dev.tessera.stats.EvaluationCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BesideListenerTest {
  private static final Evaluation EVALUATION =
      Evaluation.of(new EvaluationCounts(2, false), List.of("a", "b"));

  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  private static RoundReport report(int round) {
    return new RoundReport(
        new RoundPlan(round, 0, 0, 0, 0, 1),
        100,
        1,
        false,
        false,
        0.1,
        1,
        new RoundOutcome(null, List.of(), List.of(), new RoundOutcome.PhaseSeconds(0, 0, 0, 0)),
        Toy.start(Toy.workload(Toy.NESTEROV, 1)));
  }

  /** Does something in a round, then writes it down. */
  private TrainingListener listener(IntConsumer inRound) {
    return new TrainingListener() {
      @Override
      public void roundFinished(RoundReport report) {
        inRound.accept(report.plan().round());
        heard.add("round " + report.plan().round());
      }

      @Override
      public void evaluated(RoundReport report, Evaluation evaluation) {
        heard.add("evaluation " + report.plan().round());
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keepsTheOrder() {
    List<String> expected = new ArrayList<>();
    try (BesideListener beside = new BesideListener(listener(round -> {}))) {
      for (int round = 0; round < 200; round++) {
        beside.roundFinished(report(round));
        expected.add("round " + round);
        if (round % 7 == 0) {
          beside.evaluated(report(round), EVALUATION);
          expected.add("evaluation " + round);
        }
      }
    }
    assertThat(heard).isEqualTo(expected);
  }

  @Test
  void worksBesideTheCallerOnAThreadOfItsOwn() {
    CountDownLatch release = new CountDownLatch(1);
    List<String> threads = Collections.synchronizedList(new ArrayList<>());
    try (BesideListener beside =
        new BesideListener(
            listener(
                round -> {
                  threads.add(Thread.currentThread().getName());
                  await(release);
                }))) {
      beside.roundFinished(report(0));
      assertThat(heard).isEmpty();
      release.countDown();
    }
    assertThat(heard).containsExactly("round 0");
    assertThat(threads).containsExactly("tessera-records");
  }

  @Test
  void closeWaitsForEverythingAndMayBeCalledTwice() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    BesideListener beside = new BesideListener(listener(round -> await(release)));
    beside.roundFinished(report(0));
    beside.roundFinished(report(1));
    Thread closing = new Thread(beside::close);
    closing.start();
    closing.join(50);
    assertThat(closing.isAlive()).isTrue();
    release.countDown();
    closing.join(20_000);
    assertThat(closing.isAlive()).isFalse();
    assertThat(heard).containsExactly("round 0", "round 1");
    beside.close();
  }

  @Test
  void callerWaitsWhereTooManyRoundsWait() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    List<Integer> handedOver = Collections.synchronizedList(new ArrayList<>());
    BesideListener beside = new BesideListener(listener(round -> await(release)));
    Thread caller =
        new Thread(
            () -> {
              for (int round = 0; round < 6; round++) {
                beside.roundFinished(report(round));
                handedOver.add(round);
              }
            });
    caller.start();
    caller.join(200);
    assertThat(caller.isAlive()).isTrue();
    assertThat(handedOver).hasSizeLessThanOrEqualTo(4);
    release.countDown();
    caller.join(20_000);
    beside.close();
    assertThat(heard).hasSize(6);
  }

  @Test
  void failureComesOutOfALaterCall() {
    IllegalArgumentException failure = new IllegalArgumentException("no room");
    BesideListener beside =
        new BesideListener(
            listener(
                round -> {
                  if (round == 0) {
                    throw failure;
                  }
                }));
    assertThatThrownBy(
            () -> {
              for (int round = 0; round < 6; round++) {
                beside.roundFinished(report(round));
              }
            })
        .isSameAs(failure);
    beside.close();
    assertThat(heard).doesNotContain("round 0");
  }

  @Test
  void closeAfterAFailureStillWaitsForTheRest() throws InterruptedException {
    CountDownLatch handedOver = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    BesideListener beside =
        new BesideListener(
            listener(
                round -> {
                  if (round == 0) {
                    await(handedOver);
                    throw new IllegalArgumentException("no room");
                  }
                  await(release);
                }));
    for (int round = 0; round < 3; round++) {
      beside.roundFinished(report(round));
    }
    handedOver.countDown();
    List<String> failures = Collections.synchronizedList(new ArrayList<>());
    Thread closing =
        new Thread(
            () -> {
              try {
                beside.close();
              } catch (IllegalArgumentException e) {
                failures.add(e.getMessage());
              }
            });
    closing.start();
    closing.join(50);
    assertThat(failures).isEmpty();
    release.countDown();
    closing.join(20_000);
    assertThat(failures).containsExactly("no room");
    assertThat(heard).containsExactly("round 1", "round 2");
  }
}
