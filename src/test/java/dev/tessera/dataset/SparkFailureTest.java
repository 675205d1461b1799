package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** Spark's texts as 3.5.9 has them. */
class SparkFailureTest {
  private static final SparkJob ROUND = new SparkJob("round 5 of 16", "worker");

  private static void assertExplained(
      String spark, Class<? extends RuntimeException> type, String text) {
    SparkException failure = new SparkException(spark);
    assertThatThrownBy(
            () ->
                TaskFailures.unwrapped(
                    ROUND,
                    () -> {
                      throw new IllegalStateException(spark, failure);
                    }))
        .isExactlyInstanceOf(type)
        .hasMessage(text)
        .hasRootCause(failure);
  }

  @Test
  void anExecutorThatIsKilledEachTimeIsMostlyOutOfMemory() {
    assertExplained(
        "Job aborted due to stage failure: Task 1 in stage 24.0 failed 4 times, most recent failure: Lost"
            + " task 1.3 in stage 24.0 (TID 51) (10.0.0.7 executor 5): ExecutorLostFailure (executor 5"
            + " exited caused by one of the running tasks) Reason: Command exited with code 137\n"
            + "Driver stacktrace:",
        JobException.class,
        "round 5 of 16 failed: worker 1 was tried 4 times, and each time its executor ended, the last"
            + " executor 5 on 10.0.0.7: Command exited with code 137. Code 137 is a kill by the system,"
            + " mostly because memory ran out: give executors more beside the heap"
            + " (spark.executor.memoryOverhead), or fewer cores each, or make training.batchSize smaller."
            + " The executors' logs say more. The same command goes on from the last checkpoint.");
  }

  @Test
  void anExecutorThatEndsOtherwiseIsToldAsSparkTellsIt() {
    assertExplained(
        "Job aborted due to stage failure: Task 0 in stage 2.0 failed 1 times, most recent failure: Lost"
            + " task 0.0 in stage 2.0 (TID 3) (host executor 1): ExecutorLostFailure (executor 1 exited"
            + " caused by one of the running tasks) Reason: Executor heartbeat timed out after 120000 ms\n",
        JobException.class,
        "round 5 of 16 failed: worker 0 was tried once, and its executor ended, executor 1 on host:"
            + " Executor heartbeat timed out after 120000 ms. The executors' logs say more. The same"
            + " command goes on from the last checkpoint.");
  }

  @Test
  void anApplicationWhoseExecutorsAllEndIsOver() {
    assertExplained(
        "Job aborted due to stage failure: Master removed our application: FAILED",
        JobException.class,
        "round 5 of 16 failed: the executors ended again and again, and Spark ends the application"
            + " (Master removed our application: FAILED). The executors' logs say more. The same command"
            + " goes on from the last checkpoint.");
  }

  @Test
  void resultsThatAreTooLargeNameTheSetting() {
    assertExplained(
        "Job aborted due to stage failure: Total size of serialized results of 2 tasks (1264.0 KiB) is"
            + " bigger than spark.driver.maxResultSize (1024.0 KiB)",
        JobException.class,
        "round 5 of 16 failed: what its tasks send back is more than spark.driver.maxResultSize (1024.0"
            + " KiB) allows. Set spark.driver.maxResultSize to 1g or more, or leave it out.");
  }

  @Test
  void resultsThatTheHeapCouldNotKeepNameTheMemory() {
    assertExplained(
        "Job aborted due to stage failure: Task 1 in stage 34.0 failed 1 times, most recent failure: Lost"
            + " task 1.0 in stage 34.0 (TID 39) (localhost executor driver): TaskResultLost (result lost"
            + " from block manager)\nDriver stacktrace:",
        JobException.class,
        "round 5 of 16 failed: worker 1 was tried once, and what it sent back was gone before the driver"
            + " had read it, executor driver on localhost: mostly the Java heap had no room to keep it."
            + " Give more, by --executor-memory, or with a local master, where workers are in the"
            + " driver's JVM, by --driver-memory. The same command goes on from the last checkpoint.");
  }

  @Test
  void shuffledDataThatIsLostForGoodIsStorage() {
    assertExplained(
        "Job aborted due to stage failure: ResultStage 3 (collect at A.java:1) has failed the maximum"
            + " allowable number of times: 4. Most recent failure reason:\n"
            + "org.apache.spark.shuffle.FetchFailedException\n\tat org.apache.spark.Some.thing(A.scala:1)",
        StorageException.class,
        "round 5 of 16 failed: what tasks had written for one another could not be read, 4 times."
            + " Executors that had written it ended, or can't be reached over the network, or their disks"
            + " (spark.local.dir) lost it; their logs say which. The same command goes on from the last"
            + " checkpoint.");
  }

  @Test
  void whatATaskThrowsIsToldWithoutSparksStack() {
    assertExplained(
        "Job aborted due to stage failure: Task 1 in stage 24.0 failed 4 times, most recent failure: Lost"
            + " task 1.3 in stage 24.0 (TID 51) (10.0.0.7 executor 5): java.lang.IllegalStateException:"
            + " Engine onednn failed on worker 1 in round 5 (epoch 1), minibatch 3 of 9: no memory\n"
            + "\tat dev.tessera.round.FitTask.failed(FitTask.java:1)\n",
        TaskFailedException.class,
        "round 5 of 16 failed: worker 1 was tried 4 times, the last on executor 5 on 10.0.0.7:"
            + " java.lang.IllegalStateException: Engine onednn failed on worker 1 in round 5 (epoch 1),"
            + " minibatch 3 of 9: no memory");
  }

  @Test
  void whatIsUnknownStaysAsItIs() {
    RuntimeException failure = new IllegalStateException("Something else");
    assertThatThrownBy(
            () ->
                TaskFailures.unwrapped(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(SparkFailure.explained(failure, SparkJob.ANY)).isNull();
  }
}
