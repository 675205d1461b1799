package dev.tessera;

import dev.tessera.engine.Engine;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Workload;

/**
 * What a run takes of the memory of its JVMs, in bytes: the one place with the arithmetic of it.
 *
 * <p><b>Heap.</b> With S the parameters and updater state of one replica, these live at once:
 *
 * <ul>
 *   <li>the driver: S, the state between rounds; S, its bytes, which a broadcast holds; while the
 *       average is made S for what comes back, and S for the new state;
 *   <li>an executor: S, the bytes of the broadcast; S, the state in them, which all its replicas
 *       load (with a local master that is the driver's own);
 *   <li>each task of a round: S, the state after its last step; the pixels of its shard, whatever
 *       the cache does; the pixels of a minibatch;
 *   <li>each task of an evaluation: the pixels of a minibatch.
 * </ul>
 *
 * <p>That is the least. What is expected adds copies that come and go: S for the pieces of the
 * broadcast, {@link #TASK_COPIES} S for each task while its result is turned into bytes, cut into
 * slices and handed to Spark, S on the driver; a quarter of all that, because the garbage collector
 * gives arrays of that size whole regions one after the other; and what Spark itself keeps. Shards
 * beyond those in use are cached in what is left, and on disk. With S = 148 MB one worker of a
 * local master trained in a heap of 2,000 MB and not in 1,700, two workers in 2,900 and not in
 * 2,500; expected are 1,965 and 2,890.
 *
 * <p><b>Outside the heap.</b> One replica a task, as the engine plans it. The plan is an upper
 * estimate: of eleven networks and minibatches that were measured, replicas of onednn held between
 * 0.06 (training alone, three threads) and 0.54 of its activations and workspace together, so that
 * the least counts a sixteenth of these. Libraries and the JVM come on top.
 *
 * <p>Showing what layers make of an image, at the end of a run, is not counted: where there is no
 * memory for the values of a layer, the run has no such pictures and is whole otherwise.
 *
 * @param workers of a round
 * @param shardBytes pixels of the largest shard
 * @param trains or only evaluates
 */
record MemoryNeeds(Engine engine, Workload workload, int workers, long shardBytes, boolean trains) {
  private static final long MEGABYTE = 1L << 20;

  /** What a task of a round holds of its result beyond the state itself, at its worst moment. */
  private static final long TASK_COPIES = 4;

  /** Spark's own objects: a small run was left with 38 MB after a collection. */
  private static final long SPARK_HEAP_LEAST = 32 * MEGABYTE;

  private static final long SPARK_HEAP = 300 * MEGABYTE;

  /** oneDNN alone, and with OpenCV and ND4J. */
  private static final long LIBRARIES_LEAST = 80 * MEGABYTE;

  private static final long LIBRARIES = 300 * MEGABYTE;

  /** Classes, compiled code, threads, and the garbage collector's tables. */
  private static final long JVM_LEAST = 60 * MEGABYTE;

  private static final long JVM = 400 * MEGABYTE;

  /** What a JVM is to a run. */
  enum Role {
    /** Of a local master: the driver, which runs the tasks too. */
    LOCAL,
    EXECUTOR,
    DRIVER
  }

  /** The same with smaller minibatches. */
  MemoryNeeds capped(int batchSize) {
    return new MemoryNeeds(engine, workload.capped(batchSize), workers, shardBytes, trains);
  }

  long stateBytes() {
    return Float.BYTES
        * ((long) workload.network().parameterCount() + workload.updaterStateCount());
  }

  long heapLeast(Role role, int tasks) {
    long driver = trains ? 3 : 2;
    return SPARK_HEAP_LEAST
        + switch (role) {
          case LOCAL -> 2 * stateBytes() + tasks * taskBytes();
          case EXECUTOR -> 2 * stateBytes() + tasks * taskBytes();
          case DRIVER -> driver * stateBytes();
        };
  }

  long heapExpected(Role role, int tasks) {
    long copies = trains ? TASK_COPIES * tasks : 0;
    long coming =
        switch (role) {
          case LOCAL -> (2 + copies) * stateBytes();
          case EXECUTOR -> (1 + copies) * stateBytes();
          case DRIVER -> 2 * stateBytes();
        };
    long held = heapLeast(role, tasks) - SPARK_HEAP_LEAST + coming;
    return SPARK_HEAP + held + held / 4;
  }

  private long taskBytes() {
    long pixels = workload.network().input().size();
    long minibatch = pixels * workload.batchSize();
    return minibatch + (trains ? stateBytes() + shardBytes : 0);
  }

  long nativeLeast(int tasks) {
    MemoryPlan plan = engine.plan(workload);
    return tasks * (plan.parameterBytes() + (plan.activationBytes() + plan.workspaceBytes()) / 16);
  }

  long nativeExpected(int tasks) {
    return tasks * engine.plan(workload).totalBytes();
  }

  long processLeast(Role role, int tasks) {
    return heapLeast(role, tasks) + LIBRARIES_LEAST + JVM_LEAST + nativeLeast(tasks);
  }

  /** What the process needs to run well. */
  long processExpected(Role role, int tasks) {
    return processOf(heapExpected(role, tasks), tasks);
  }

  /**
   * What the process may grow to: a heap takes in time what it may.
   *
   * @param heapBytes to which the heap may grow
   */
  long processOf(long heapBytes, int tasks) {
    return heapBytes + LIBRARIES + JVM + nativeExpected(tasks);
  }
}
