package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessionExtension.class)
class StalledJobsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final List<Integer> TWO = List.of(1, 2);

  /** Of this JVM: the tasks of a local master are threads of it. */
  private static final Semaphore BEGUN = new Semaphore(0);

  private static final CountDownLatch END = new CountDownLatch(1);

  @Test
  void aJobThatGetsNoExecutorIsCancelledAndOthersAreNot(JavaSparkContext spark) throws Exception {
    JavaFutureAction<Void> other = spark.parallelize(TWO, 2).foreachAsync(number -> hold());
    try {
      assertThat(BEGUN.tryAcquire(2, 1, TimeUnit.MINUTES)).isTrue();
      try (StalledJobs watch = new StalledJobs(spark, SHORT)) {
        SparkJob round = new SparkJob("round 5 of 16", "worker");
        assertThatThrownBy(
                () ->
                    watch.during(
                        () ->
                            TaskFailures.unwrapped(
                                round, () -> spark.parallelize(TWO, 2).collect())))
            .isInstanceOf(JobException.class)
            .hasMessageStartingWith(
                "round 5 of 16 failed: no executor has taken a task of it for 300 ms. ");
      }
    } finally {
      END.countDown();
    }
    other.get(1, TimeUnit.MINUTES);
  }

  private static void hold() throws InterruptedException {
    BEGUN.release();
    assertThat(END.await(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void aJobThatRunsForLongerIsNotCancelled(JavaSparkContext spark) {
    try (StalledJobs watch = new StalledJobs(spark, SHORT)) {
      assertThat(
              watch.during(
                  () -> spark.parallelize(TWO, 2).map(number -> afterAWhile(number)).collect()))
          .isEqualTo(TWO);
    }
  }

  private static int afterAWhile(int number) throws InterruptedException {
    // Nothing to wait for: the time itself is what is tested.
    TimeUnit.MILLISECONDS.sleep(4 * SHORT.toMillis());
    return number;
  }
}
