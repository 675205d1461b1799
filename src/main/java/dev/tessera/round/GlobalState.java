package dev.tessera.round;

import dev.tessera.engine.ReplicaState;

/**
 * What the driver holds between rounds; all that a run needs to go on.
 *
 * @param round index of the next round
 * @param replica parameters and updater state that every worker starts the next round from
 * @param outerState what the outer step remembers; empty for plain averaging
 * @param rollbacks how often a round diverged and was tried again at a lower learning rate
 */
public record GlobalState(int round, ReplicaState replica, OuterState outerState, int rollbacks) {
  /** A state that no round has diverged from. */
  public GlobalState(int round, ReplicaState replica, OuterState outerState) {
    this(round, replica, outerState, 0);
  }

  /** The same after a round that diverged. */
  GlobalState rolledBack() {
    return new GlobalState(round, replica, outerState, rollbacks + 1);
  }

  /** A flat vector whose meaning is the outer step's own. */
  public static final class OuterState {
    public static final OuterState NONE = new OuterState(new float[0]);

    private final float[] values;

    public OuterState(float[] values) {
      this.values = values;
    }

    public float[] values() {
      return values;
    }
  }
}
