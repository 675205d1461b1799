package dev.tessera.spark;

import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Something to be done if the JVM ends while it is open: after a signal, and before Spark stops and
 * Hadoop closes its file systems, which do so in hooks of their own.
 */
public final class EndOfJvm implements AutoCloseable {
  /** Hadoop runs hooks of higher priorities first; Spark's has 40, that of its file systems 10. */
  private static final int PRIORITY = 100;

  private final Runnable hook;

  private EndOfJvm(Runnable hook) {
    this.hook = hook;
  }

  public static EndOfJvm doing(Runnable hook) {
    EndOfJvm end = new EndOfJvm(hook);
    ShutdownHookManager.get().addShutdownHook(hook, PRIORITY);
    return end;
  }

  @Override
  public void close() {
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
