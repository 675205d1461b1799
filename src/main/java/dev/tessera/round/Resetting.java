package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import java.util.Arrays;

/** An outer step that gives every worker a fresh updater state after each average. */
record Resetting(Workload workload, OuterStep inner) implements OuterStep {
  @Override
  public GlobalState next(GlobalState before, ReplicaState average) {
    float[] fresh = new float[workload.updaterStateCount()];
    Arrays.fill(fresh, workload.updater().initialState());
    return inner.next(before, new ReplicaState(average.parameters(), fresh));
  }
}
