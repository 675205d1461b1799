package dev.tessera.engine.onednn;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** oneDNN's threads: OpenMP reads them from the environment when it is loaded, and never again. */
final class OpenMpThreads {
  private static final Logger LOG = LoggerFactory.getLogger(OpenMpThreads.class);

  private OpenMpThreads() {}

  static void check(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot use " + threads + " native threads: it must be at least 1");
    }
    String set = System.getenv("OMP_NUM_THREADS");
    if (!Integer.toString(threads).equals(set)) {
      LOG.warn(
          "OMP_NUM_THREADS is {} in the environment of this JVM, but a worker is to use {} native thread(s)"
              + " (spark.task.cpus). oneDNN follows the environment: with more threads than that, workers"
              + " get into each other's way, and bits depend on their number. Set"
              + " spark.executorEnv.OMP_NUM_THREADS={} and, for the driver, export OMP_NUM_THREADS={}"
              + " before the JVM starts.",
          set == null ? "not set" : set,
          threads,
          threads,
          threads);
    }
  }
}
