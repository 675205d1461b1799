package dev.tessera.engine.onednn;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import java.nio.FloatBuffer;

/**
 * Parameters, gradients and updater state of a replica: each one flat array of floats in the order
 * of {@link ReplicaState}. Programs read and write them in place.
 */
final class NativeParameters {
  final Buffer buffer;
  final Buffer gradientBuffer;
  final FloatBuffer parameters;
  final FloatBuffer gradients;
  final FloatBuffer updaterState;

  /** In memory that belongs to {@code scope}. */
  NativeParameters(Workload workload, NativeScope scope) {
    long count = workload.network().parameterCount();
    long bytes = count * Float.BYTES;
    long stateBytes = (long) workload.updaterStateCount() * Float.BYTES;
    NativeMemory memory = scope.memory(bytes);
    NativeMemory gradientMemory = scope.memory(bytes);
    NativeMemory stateMemory = scope.memory(stateBytes);
    buffer = Buffer.fixed(memory, 0, bytes);
    gradientBuffer = Buffer.fixed(gradientMemory, 0, bytes);
    parameters = memory.floats(0, count);
    gradients = gradientMemory.floats(0, count);
    updaterState = stateMemory.floats(0, workload.updaterStateCount());
  }

  long bytes() {
    return buffer.bytes + gradientBuffer.bytes + (long) updaterState.capacity() * Float.BYTES;
  }

  void load(ReplicaState state) {
    check(state);
    parameters.put(0, state.parameters());
    updaterState.put(0, state.updaterState());
  }

  void store(ReplicaState state) {
    check(state);
    parameters.get(0, state.parameters());
    updaterState.get(0, state.updaterState());
  }

  private void check(ReplicaState state) {
    check("parameters", state.parameters().length, parameters.capacity());
    check("updater state", state.updaterState().length, updaterState.capacity());
  }

  private static void check(String what, int given, int wanted) {
    if (given != wanted) {
      throw new IllegalArgumentException(
          "Cannot copy " + given + " values of " + what + ": the network has " + wanted);
    }
  }
}
