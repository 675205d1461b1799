package dev.tessera.round;

import dev.tessera.engine.ReplicaState;

/**
 * What the driver holds between rounds; all that a run needs to go on.
 *
 * @param round index of the next round
 * @param replica parameters and updater state that every worker starts the next round from
 * @param outerState what the outer step remembers; empty for plain averaging
 * @param rollbacks how often a round diverged and was tried again at a lower learning rate
 * @param best evaluation so far
 */
public record GlobalState(
    int round, ReplicaState replica, OuterState outerState, int rollbacks, Best best) {
  /** A state that no round has diverged from, and that nothing has been evaluated before. */
  public GlobalState(int round, ReplicaState replica, OuterState outerState) {
    this(round, replica, outerState, 0, Best.NONE);
  }

  /** After one more round. */
  GlobalState next(ReplicaState nextReplica, OuterState nextOuterState) {
    return new GlobalState(round + 1, nextReplica, nextOuterState, rollbacks, best);
  }

  /** The same after a round that diverged. */
  GlobalState rolledBack() {
    return new GlobalState(round, replica, outerState, rollbacks + 1, best);
  }

  /** The same after an evaluation. */
  GlobalState evaluated(Best nextBest) {
    return new GlobalState(round, replica, outerState, rollbacks, nextBest);
  }

  /** Rounds that were done where the run's model is from, if it ends here. */
  public int modelRound() {
    return best.replica() == null ? round : best.round();
  }

  /** The run's model, if it ends here. */
  public ReplicaState model() {
    ReplicaState restored = best.replica();
    return restored == null ? replica : restored;
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
