package dev.tessera.spark;

import com.sun.management.OperatingSystemMXBean;
import dev.tessera.dataset.TaskFailures;
import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineRuntime;
import dev.tessera.round.Host;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * A JVM that runs workers, as a task in it finds it: an executor, or with a local master the
 * driver.
 *
 * @param executor Spark's id of it
 * @param maxHeapBytes what its heap may grow to
 * @param machineBytes memory of its machine or container, of which other processes may have some
 */
public record WorkerJvm(
    String executor, String host, EngineRuntime engine, long maxHeapBytes, long machineBytes)
    implements Serializable {

  /**
   * Asks the JVMs that hold the shards, where Spark runs their workers too, in one short job. In
   * the order of hosts.
   *
   * @param threads of a replica
   */
  public static List<WorkerJvm> of(
      JavaSparkContext spark, JavaRDD<? extends Serializable> shards, Engine engine, int threads) {
    String before = Descriptions.set(spark, "what executors have");
    try {
      return TaskFailures.unwrapped(
              () -> shards.mapPartitions(new Look<>(engine, threads)).collect())
          .stream()
          .map(bytes -> Wire.value(bytes, WorkerJvm.class))
          .sorted(Comparator.comparing(WorkerJvm::host).thenComparing(WorkerJvm::executor))
          .distinct()
          .toList();
    } finally {
      Descriptions.restore(spark, before);
    }
  }

  /** Does not look at the shard: it only has Spark choose the place. */
  private record Look<T extends Serializable>(Engine engine, int threads)
      implements FlatMapFunction<Iterator<T>, byte[]> {
    @Override
    public Iterator<byte[]> call(Iterator<T> shard) {
      WorkerJvm here =
          new WorkerJvm(
              SparkEnv.get().executorId(),
              Host.name(),
              engine.runtime(threads),
              Runtime.getRuntime().maxMemory(),
              machineMemory());
      return List.of(Wire.bytes(here)).iterator();
    }

    /** A container's limit where the JVM runs in one. */
    private static long machineMemory() {
      return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
          ? system.getTotalMemorySize()
          : EngineRuntime.UNLIMITED;
    }
  }
}
