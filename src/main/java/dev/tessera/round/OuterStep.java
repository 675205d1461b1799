package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;

/** Turns the average of a round into the state the next round starts from. */
@FunctionalInterface
public interface OuterStep {
  /** The average itself: plain parameter averaging. */
  OuterStep AVERAGE = (before, average) -> before.next(average, before.outerState());

  /** Plain averaging with what the job wants to become of the updaters' state. */
  static OuterStep averaging(Workload workload, TrainingSettings.UpdaterStatePolicy policy) {
    return switch (policy) {
      case AVERAGE -> AVERAGE;
      case RESET -> new Resetting(workload, AVERAGE);
    };
  }

  /** Called once a round on the driver; must not change its arguments' arrays. */
  GlobalState next(GlobalState before, ReplicaState average);
}
