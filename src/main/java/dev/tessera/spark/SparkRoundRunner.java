package dev.tessera.spark;

import dev.tessera.dataset.TaskFailures;
import dev.tessera.engine.ReplicaState;
import dev.tessera.image.PixelBlock;
import dev.tessera.round.FitTask;
import dev.tessera.round.GlobalState;
import dev.tessera.round.ReplicaAverage;
import dev.tessera.round.RoundOutcome;
import dev.tessera.round.RoundPlan;
import dev.tessera.round.RoundRunner;
import dev.tessera.round.Shard;
import dev.tessera.round.WorkerResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * A round as one Spark job: the state goes out as a broadcast, task k fits worker k on partition k
 * of the shards, the replicas come back and are averaged.
 *
 * <p>Replicas of up to {@link #COLLECT_BYTES} a round come back to the driver. Larger ones are cut
 * into slices, a shuffle brings equal slices together, and the driver gets averages alone; both
 * ways give the same bits.
 */
public final class SparkRoundRunner implements RoundRunner {
  /** Replicas of a round that the driver may collect, in bytes. */
  public static final long COLLECT_BYTES = 64L << 20;

  private final JavaSparkContext spark;
  private final JavaRDD<PixelBlock> shards;
  private final FitTask task;
  private final int rounds;
  private final long collectBytes;

  /**
   * @param shards partition k holds the blocks of worker k
   * @param rounds of the whole run, for the descriptions in Spark's UI
   * @param collectBytes see {@link #COLLECT_BYTES}
   */
  public SparkRoundRunner(
      JavaSparkContext spark,
      JavaRDD<PixelBlock> shards,
      FitTask task,
      int rounds,
      long collectBytes) {
    this.spark = spark;
    this.shards = shards;
    this.task = task;
    this.rounds = rounds;
    this.collectBytes = collectBytes;
  }

  @Override
  public RoundOutcome run(RoundPlan round, double learningRate, GlobalState state) {
    long began = System.nanoTime();
    Descriptions.set(
        spark,
        "round "
            + (round.round() + 1)
            + " of "
            + rounds
            + ", epoch "
            + (round.epoch() + 1)
            + ": "
            + shards.getNumPartitions()
            + " workers, minibatches "
            + (round.firstStep() + 1)
            + " to "
            + round.endStep());
    Broadcast<byte[]> broadcast = spark.broadcast(Wire.bytes(state.replica()));
    try {
      long sent = System.nanoTime();
      JavaRDD<byte[]> replicas =
          shards.mapPartitionsWithIndex(new Fit(task, round, learningRate, broadcast), true);
      ReplicaAverage average =
          TaskFailures.unwrapped(() -> average(replicas, state.replica(), broadcast));
      return average.outcome((sent - began) / 1e9, (System.nanoTime() - sent) / 1e9);
    } finally {
      broadcast.destroy();
      Descriptions.clear(spark);
    }
  }

  private ReplicaAverage average(
      JavaRDD<byte[]> replicas, ReplicaState before, Broadcast<byte[]> broadcast) {
    return replicaBytes() * task.plan().workers() <= collectBytes
        ? ReplicaAverage.of(task.workload(), before, results(replicas))
        : SlicedAggregation.average(task.workload(), replicas, broadcast);
  }

  private static List<WorkerResult> results(JavaRDD<byte[]> replicas) {
    return replicas.collect().stream().map(bytes -> Wire.value(bytes, WorkerResult.class)).toList();
  }

  private long replicaBytes() {
    long values =
        (long) task.workload().network().parameterCount() + task.workload().updaterStateCount();
    return values * Float.BYTES;
  }

  /** What a task runs. */
  private record Fit(FitTask task, RoundPlan round, double learningRate, Broadcast<byte[]> state)
      implements Function2<Integer, Iterator<PixelBlock>, Iterator<byte[]>> {
    @Override
    public Iterator<byte[]> call(Integer worker, Iterator<PixelBlock> blocks) {
      List<PixelBlock> shard = new ArrayList<>();
      blocks.forEachRemaining(shard::add);
      ReplicaState start = Wire.value(state.value(), ReplicaState.class);
      WorkerResult result = task.fit(round, worker, learningRate, start, new Shard(shard));
      return List.of(Wire.bytes(result)).iterator();
    }
  }
}
