package dev.tessera.spark;

import dev.tessera.dataset.SparkJob;
import dev.tessera.dataset.TaskFailures;
import dev.tessera.engine.ReplicaState;
import dev.tessera.image.ExampleBlock;
import dev.tessera.round.FitTask;
import dev.tessera.round.GlobalState;
import dev.tessera.round.ReplicaAverage;
import dev.tessera.round.RoundOutcome;
import dev.tessera.round.RoundPlan;
import dev.tessera.round.RoundRunner;
import dev.tessera.round.WorkerResult;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * A round as one Spark job: the state goes out as a broadcast, task k fits worker k on its
 * partition of the round's segment, the replicas come back and are averaged.
 *
 * <p>Replicas of up to {@link #COLLECT_BYTES} a round come back to the driver. Larger ones are cut
 * into slices, a shuffle brings equal slices together, and the driver gets averages alone; both
 * ways give the same bits.
 */
public final class SparkRoundRunner implements RoundRunner, AutoCloseable {
  /** Replicas of a round that the driver may collect, in bytes. */
  public static final long COLLECT_BYTES = 64L << 20;

  private final JavaSparkContext spark;
  private final JavaRDD<ExampleBlock> shards;
  private final FitTask task;
  private final Broadcast<byte[]> sentTask;
  private final int rounds;
  private final long collectBytes;
  private boolean closed;

  /**
   * @param shards partition s x workers + k holds the blocks of worker k in segment s
   * @param rounds of the whole run, for the descriptions in Spark's UI
   * @param collectBytes see {@link #COLLECT_BYTES}
   */
  public SparkRoundRunner(
      JavaSparkContext spark,
      JavaRDD<ExampleBlock> shards,
      FitTask task,
      int rounds,
      long collectBytes) {
    this.spark = spark;
    this.shards = shards;
    this.task = task;
    this.sentTask = spark.broadcast(Wire.bytes(task));
    this.rounds = rounds;
    this.collectBytes = collectBytes;
  }

  @Override
  public RoundOutcome run(RoundPlan round, double learningRate, GlobalState state) {
    long began = System.nanoTime();
    String name = "round " + (round.round() + 1) + " of " + rounds;
    String before =
        Descriptions.set(
            spark,
            name
                + ", epoch "
                + (round.epoch() + 1)
                + ": "
                + task.plan().workers()
                + " workers, minibatches "
                + (round.firstOfEpoch() + 1)
                + " to "
                + round.endOfEpoch());
    Broadcast<byte[]> broadcast = spark.broadcast(Received.bytes(state.replica()));
    try {
      long sent = System.nanoTime();
      Fit fit = new Fit(round, learningRate, sentTask, broadcast);
      ReplicaAverage average =
          TaskFailures.unwrapped(new SparkJob(name, "worker"), () -> average(fit, state.replica()));
      return average.outcome((sent - began) / 1e9, (System.nanoTime() - sent) / 1e9);
    } finally {
      broadcast.destroy();
      Descriptions.restore(spark, before);
    }
  }

  private ReplicaAverage average(Fit fit, ReplicaState before) {
    return replicaBytes() * task.plan().workers() <= collectBytes
        ? ReplicaAverage.of(task.workload(), before, results(fit))
        : SlicedAggregation.average(task.workload(), shards, fit);
  }

  private List<WorkerResult> results(Fit fit) {
    int[] partitions = fit.partitions(task.plan().workers());
    return Arrays.stream(
            shards.mapPartitionsWithIndex(new Whole(fit), true).collectPartitions(partitions))
        .flatMap(List::stream)
        .map(bytes -> Wire.value(bytes, WorkerResult.class))
        .toList();
  }

  private long replicaBytes() {
    long values =
        (long) task.workload().network().parameterCount() + task.workload().updaterStateCount();
    return values * Float.BYTES;
  }

  /** Gives back what executors hold between rounds. May be called twice. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      sentTask.destroy();
    }
  }

  /** Comes back whole. */
  private record Whole(Fit fit)
      implements Function2<Integer, Iterator<ExampleBlock>, Iterator<byte[]>> {
    @Override
    public Iterator<byte[]> call(Integer partition, Iterator<ExampleBlock> blocks) {
      return List.of(Wire.bytes(fit.run(partition, blocks))).iterator();
    }
  }
}
