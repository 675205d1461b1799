package dev.tessera.dataset;

import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.jspecify.annotations.Nullable;

/**
 * Cancels jobs of Spark that wait for executors which don't come. Spark itself waits for ever, and
 * a standalone master starts executors that end at once again and again.
 *
 * <p>Looks only at jobs that the thread which opened it starts, or threads that it starts; its
 * owner closes it on that thread. Thread-safe: Spark's thread of listeners tells it, its own looks.
 */
public final class StalledJobs extends SparkListener implements AutoCloseable {
  /** What cancelled jobs say, before the time. */
  static final String REASON = "no executor has taken a task of it for";

  /** Long enough for a cluster that has to start machines first. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private static final String PROPERTY = "tessera.command";
  private static final int LOOKS = 30;

  private final SparkContext spark;
  private final Duration longest;
  private final String command = UUID.randomUUID().toString();
  private final ScheduledExecutorService thread;
  private final ScheduledFuture<?> looks;
  private final Set<Integer> jobs = new HashSet<>();
  private final Set<Integer> stages = new HashSet<>();
  private int running;
  private long idleSince;

  StalledJobs(JavaSparkContext spark, Duration longest) {
    this.spark = spark.sc();
    this.longest = longest;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread looking = new Thread(task, "tessera-stalled-jobs");
              looking.setDaemon(true);
              return looking;
            });
    long every = Math.max(1, longest.toMillis() / LOOKS);
    spark.sc().setLocalProperty(PROPERTY, command);
    spark.sc().addSparkListener(this);
    looks = thread.scheduleAtFixedRate(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  /** Watches what this thread starts, until it is closed. */
  public static StalledJobs watch(JavaSparkContext spark) {
    return new StalledJobs(spark, LONGEST);
  }

  /** Does what it is to watch. */
  public <T> T during(Supplier<T> command) {
    return command.get();
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart event) {
    if (isOurs(event.properties())) {
      if (jobs.isEmpty()) {
        idleSince = System.nanoTime();
      }
      jobs.add(event.jobId());
    }
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd event) {
    if (jobs.remove(event.jobId()) && jobs.isEmpty()) {
      stages.clear();
      running = 0;
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    if (isOurs(event.properties())) {
      stages.add(event.stageInfo().stageId());
    }
  }

  private boolean isOurs(@Nullable Properties properties) {
    return properties != null && command.equals(properties.getProperty(PROPERTY));
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    count(event.stageId(), 1);
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    count(event.stageId(), -1);
  }

  private void count(int stage, int tasks) {
    if (stages.contains(stage)) {
      // Spark leaves out events when it has too many: better to wait than to cancel too early.
      running = Math.max(0, running + tasks);
      idleSince = System.nanoTime();
    }
  }

  private synchronized void look() {
    long now = System.nanoTime();
    if (!jobs.isEmpty() && running == 0 && now - idleSince > longest.toNanos()) {
      idleSince = now;
      jobs.forEach(job -> spark.cancelJob(job, "because " + REASON + " " + text()));
    }
  }

  private String text() {
    return longest.toMinutes() > 0 ? longest.toMinutes() + " minutes" : longest.toMillis() + " ms";
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
    spark.setLocalProperty(PROPERTY, null);
    looks.cancel(false);
    thread.shutdown();
  }
}
