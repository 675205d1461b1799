package dev.tessera;

import dev.tessera.run.RunLog;
import org.apache.spark.api.java.JavaSparkContext;

/** How many workers the cluster can run at once. */
final class Slots {
  private Slots() {}

  /** How many tasks one of its JVMs runs at once; where the cluster does not say, the mean. */
  static int ofOneJvm(JavaSparkContext spark, int taskCpus) {
    // One entry is the driver, which runs tasks with a local master alone.
    int executors = Math.max(1, spark.sc().statusTracker().getExecutorInfos().length - 1);
    int mean = (spark.defaultParallelism() + executors - 1) / executors;
    int cores = spark.isLocal() ? mean : spark.getConf().getInt("spark.executor.cores", mean);
    return Math.max(1, cores / taskCpus);
  }

  /** Says what happens if there are more workers than places for them. */
  static void warnIfFewer(JavaSparkContext spark, int workers, int taskCpus, RunLog log) {
    int slots = Math.max(1, spark.defaultParallelism() / taskCpus);
    if (workers > slots) {
      int waves = (workers + slots - 1) / slots;
      log.warn(
          "training.workers = "
              + workers
              + " but "
              + spark.master()
              + " has "
              + slots
              + (slots == 1 ? " slot" : " slots")
              + ": each round runs its workers in "
              + waves
              + " waves, one after the other, and takes about "
              + waves
              + " times as long. The model is the same. For more speed give the master more cores, or set training.workers = "
              + slots
              + " (which trains another model).");
    }
  }
}
