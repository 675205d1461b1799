package dev.tessera.engine;

import java.io.Serializable;

/**
 * The parameters of one replica and its updater's state, both flat, in DL4J's order and layout for
 * that network.
 *
 * <p>A plain holder of two arrays, which it shares with its maker: copy with {@link #copy()} before
 * changing what somebody else may read.
 */
public final class ReplicaState implements Serializable {
  private static final long serialVersionUID = 1L;

  private final float[] parameters;
  private final float[] updaterState;

  public ReplicaState(float[] parameters, float[] updaterState) {
    this.parameters = parameters;
    this.updaterState = updaterState;
  }

  public static ReplicaState zeros(Workload workload) {
    return new ReplicaState(
        new float[workload.network().parameterCount()], new float[workload.updaterStateCount()]);
  }

  public float[] parameters() {
    return parameters;
  }

  public float[] updaterState() {
    return updaterState;
  }

  public ReplicaState copy() {
    return new ReplicaState(parameters.clone(), updaterState.clone());
  }
}
