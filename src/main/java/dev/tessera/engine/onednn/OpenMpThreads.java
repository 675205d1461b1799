package dev.tessera.engine.onednn;

import org.jspecify.annotations.Nullable;

/** oneDNN's threads: OpenMP reads them from the environment when it is loaded, and never again. */
final class OpenMpThreads {
  static final String VARIABLE = "OMP_NUM_THREADS";

  private OpenMpThreads() {}

  static void check(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot use " + threads + " native threads: it must be at least 1");
    }
  }

  /**
   * What to say of the environment that a JVM was started in.
   *
   * @param set the variable there, null if there is none
   * @return empty if a replica has the threads that it is to have
   */
  static String warning(int threads, @Nullable String set) {
    if (Integer.toString(threads).equals(set)) {
      return "";
    }
    return String.format(
        "OMP_NUM_THREADS is %s in the environment of the JVM, but a worker is to use %d native thread%s"
            + " (spark.task.cpus). oneDNN follows the environment: with more threads workers get into"
            + " each other's way, and bits depend on their number. Set"
            + " spark.executorEnv.OMP_NUM_THREADS=%d, and with a local master export"
            + " OMP_NUM_THREADS=%d before the JVM starts.",
        set == null ? "not set" : set, threads, threads == 1 ? "" : "s", threads, threads);
  }
}
