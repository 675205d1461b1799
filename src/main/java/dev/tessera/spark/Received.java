package dev.tessera.spark;

import dev.tessera.engine.ReplicaState;
import dev.tessera.round.FitTask;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import org.apache.spark.broadcast.Broadcast;

/** What the driver sends to all tasks, read once a JVM. */
final class Received {
  private static final LastRead<FitTask> TASK = new LastRead<>(FitTask.class, SoftReference::new);
  private static final LastRead<ReplicaState> STATE =
      new LastRead<>(ReplicaState.class, WeakReference::new);

  private Received() {}

  static FitTask task(Broadcast<byte[]> broadcast) {
    return TASK.of(broadcast.value());
  }

  static ReplicaState state(Broadcast<byte[]> broadcast) {
    return STATE.of(broadcast.value());
  }

  /** The state as bytes to be broadcast. */
  static byte[] bytes(ReplicaState state) {
    byte[] bytes = Wire.bytes(state);
    STATE.remember(bytes, state);
    return bytes;
  }
}
