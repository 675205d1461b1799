package dev.tessera.engine;

import java.io.Serializable;

/**
 * What runs minibatches. A small serialisable value that travels to the executors; native libraries
 * are loaded there, by {@link #open}.
 *
 * <p>Two engines of the same settings are equal ({@code equals}).
 */
public interface Engine extends Serializable {
  /** The name in logs and manifests. */
  String name();

  /** Whether this engine can run the workload. Loads nothing native. */
  Support supports(Workload workload);

  /** Bytes that one open replica takes, a careful upper estimate. Loads nothing native. */
  MemoryPlan plan(Workload workload);

  /**
   * What this engine is in this JVM. May load natives: called where replicas are to be opened.
   *
   * @param threads that a replica is to have
   */
  EngineRuntime runtime(int threads);

  /** A replica of its own native memory, on {@code threads} native threads. */
  Replica open(Workload workload, int threads);
}
