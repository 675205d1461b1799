package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Spark says when it gives up a job, in words for the user. Spark has no types for it: its
 * texts are looked through, which are the same from 3.5 to 4.1. Where they are not known any more,
 * the failure stays as it is.
 */
final class SparkFailure {
  /** 1 task, 2 attempts, 3 host, 4 executor, 5 reason. */
  private static final Pattern TASK =
      Pattern.compile(
          "Task (\\d+) in stage \\S+ failed (\\d+) times, most recent failure: Lost task \\S+ in stage"
              + " \\S+ \\(TID \\d+\\) \\((\\S+) executor ([^)]+)\\): (.*)");

  /** Of a result too large to be sent with the task's end; Spark's block manager kept it. */
  private static final String RESULT_LOST = "TaskResultLost";

  private static final Pattern LOST =
      Pattern.compile("ExecutorLostFailure \\(executor .*?\\)(?: Reason: (.*))?");
  private static final Pattern EXECUTORS_ENDED =
      Pattern.compile(
          "Master removed our application: .*|Max number of executor failures.*reached.*");
  private static final Pattern STALLED =
      Pattern.compile("cancelled because (" + StalledJobs.REASON + " \\d+ \\w+)");
  private static final Pattern RESULTS =
      Pattern.compile(
          "Total size of serialized results of .* is bigger than spark\\.driver\\.maxResultSize"
              + " (\\([^)]*\\))");
  private static final Pattern FETCH =
      Pattern.compile("has failed the maximum allowable number of times: (\\d+)");
  private static final Pattern EXIT_CODE = Pattern.compile("exit(?:ed with)? code (\\d+)");
  private static final int KILLED = 137;
  private static final String EXECUTORS_TO_DO =
      "The executors' logs say more. The same command goes on from the last checkpoint.";

  private SparkFailure() {}

  /** For the user, or null if it is nothing that Spark says of its jobs. */
  static @Nullable RuntimeException explained(Throwable failure, SparkJob job) {
    String text = String.valueOf(failure.getMessage());
    Matcher ended = EXECUTORS_ENDED.matcher(text);
    if (ended.find()) {
      return new JobException(
          job.name()
              + " failed: the executors ended again and again, and Spark ends the application ("
              + ended.group().strip()
              + "). "
              + EXECUTORS_TO_DO,
          failure);
    }
    Matcher stalled = STALLED.matcher(text);
    if (stalled.find()) {
      return new JobException(
          job.name()
              + " failed: "
              + stalled.group(1)
              + ". The cluster gives none with the cores and the memory that are asked for, or they end"
              + " before they take a task: the master's page and the executors' logs say which. The same"
              + " command goes on from the last checkpoint.",
          failure);
    }
    Matcher results = RESULTS.matcher(text);
    if (results.find()) {
      return new JobException(
          job.name()
              + " failed: what its tasks send back is more than spark.driver.maxResultSize "
              + results.group(1)
              + " allows. Set spark.driver.maxResultSize to 1g or more, or leave it out.",
          failure);
    }
    Matcher fetch = FETCH.matcher(text);
    if (fetch.find()) {
      return new StorageException(
          job.name()
              + " failed: what tasks had written for one another could not be read, "
              + fetch.group(1)
              + " times. Executors that had written it ended, or can't be reached over the network, or"
              + " their disks (spark.local.dir) lost it; their logs say which. The same command goes on"
              + " from the last checkpoint.",
          failure);
    }
    Matcher task = TASK.matcher(text);
    return task.find() ? ofTask(task, failure, job) : null;
  }

  private static RuntimeException ofTask(Matcher task, Throwable failure, SparkJob job) {
    boolean once = task.group(2).equals("1");
    String what =
        job.name()
            + " failed: "
            + job.task()
            + " "
            + task.group(1)
            + " was tried "
            + (once ? "once" : task.group(2) + " times");
    String where = "executor " + task.group(4) + " on " + task.group(3);
    String reason = task.group(5);
    if (reason.startsWith(RESULT_LOST)) {
      return new JobException(
          what
              + ", and what it sent back was gone before the driver had read it, "
              + where
              + ": mostly the Java heap had no room to keep it. Give more, by --executor-memory, or with"
              + " a local master, where workers are in the driver's JVM, by --driver-memory. The same"
              + " command goes on from the last checkpoint.",
          failure);
    }
    Matcher lost = LOST.matcher(reason);
    if (!lost.find()) {
      return new TaskFailedException(
          what + (once ? ", on " : ", the last on ") + where + ": " + reason, failure);
    }
    String why = lost.group(1) == null ? "lost" : lost.group(1).strip();
    return new JobException(
        what
            + (once
                ? ", and its executor ended, "
                : ", and each time its executor ended, the last ")
            + where
            + ": "
            + why
            + (why.endsWith(".") ? " " : ". ")
            + remedy(why)
            + EXECUTORS_TO_DO,
        failure);
  }

  private static String remedy(String why) {
    Matcher code = EXIT_CODE.matcher(why);
    return code.find() && Integer.parseInt(code.group(1)) == KILLED
        ? "Code 137 is a kill by the system, mostly because memory ran out: give executors more beside"
            + " the heap (spark.executor.memoryOverhead), or fewer cores each, or make"
            + " training.batchSize smaller. "
        : "";
  }
}
