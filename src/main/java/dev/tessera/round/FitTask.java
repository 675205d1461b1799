package dev.tessera.round;

import dev.tessera.engine.Engine;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaPool;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Workload;
import dev.tessera.error.TesseraException;
import dev.tessera.image.Minibatch;
import dev.tessera.image.Minibatches;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import java.io.Serializable;

/**
 * One worker's part of a round: a pure function of the plan, the state and the shard. Run twice, it
 * returns the same bits and leaves nothing behind.
 *
 * @param threads native threads of the replica
 * @param updaterState a reset state has seen no step: Adam's bias correction counts from the
 *     round's first step then, else from the run's
 * @param feeding how the shard's examples become minibatches
 */
public record FitTask(
    Engine engine,
    Workload workload,
    EpochPlan plan,
    int threads,
    UpdaterStatePolicy updaterState,
    Feeding feeding)
    implements Serializable {

  /**
   * Replicas stay open between rounds; one idle replica a core is all that a JVM can use at once.
   */
  static final ReplicaPool POOL = new ReplicaPool(Runtime.getRuntime().availableProcessors());

  /** Over shards of pixels. */
  public FitTask(
      Engine engine,
      Workload workload,
      EpochPlan plan,
      int threads,
      UpdaterStatePolicy updaterState) {
    this(
        engine,
        workload,
        plan,
        threads,
        updaterState,
        Feeding.ofPixels(workload.network().input()));
  }

  /** Closes the replicas that this JVM keeps open between rounds. */
  public static void releaseReplicas() {
    POOL.clear();
  }

  /**
   * Loads the state, steps through the worker's minibatches of the round, and returns the replica.
   */
  public WorkerResult fit(
      RoundPlan round, int worker, double learningRate, ReplicaState start, Shard shard) {
    int end = Math.min(round.endStep(), plan.minibatchesOf(round.segment(), worker));
    if (shard.size() != plan.size(round.segment(), worker)) {
      throw new IllegalStateException(
          "Shard "
              + worker
              + " has "
              + shard.size()
              + " examples in round "
              + (round.round() + 1)
              + ", planned were "
              + plan.size(round.segment(), worker));
    }
    if (round.firstStep() >= end) {
      return new WorkerResult(
          new WorkerReport(worker, 0, 0, 0, "", Host.name(), 0),
          new ReplicaState(new float[0], new float[0]));
    }
    try (ReplicaPool.Lease lease = borrow(round, worker)) {
      Replica replica = lease.replica();
      replica.load(start);
      Sums sums = steps(replica, round, end, worker, learningRate, shard);
      ReplicaState state = ReplicaState.zeros(workload);
      replica.store(state);
      lease.succeeded();
      return new WorkerResult(
          new WorkerReport(
              worker,
              sums.examples,
              sums.loss,
              sums.regularisedLoss,
              health(sums, state),
              Host.name(),
              sums.nanos),
          state);
    }
  }

  private ReplicaPool.Lease borrow(RoundPlan round, int worker) {
    try {
      return POOL.borrow(engine, workload, threads);
    } catch (RuntimeException e) {
      throw failed("Engine " + engine.name(), round, worker, "when it was opened", e);
    }
  }

  private Sums steps(
      Replica replica, RoundPlan round, int end, int worker, double learningRate, Shard shard) {
    int[] order = feeding.order(plan, round, worker, shard);
    Sums sums = new Sums();
    long began = System.nanoTime();
    try (Minibatches minibatches = feeding.minibatches(shard, order, plan, round, worker, end)) {
      for (int step = round.firstStep(); step < end; step++) {
        Minibatch minibatch = next(minibatches, round, worker, step);
        StepResult result =
            step(
                replica,
                minibatch,
                settings(round, worker, step, learningRate),
                round,
                worker,
                step);
        sums.examples += minibatch.size();
        sums.loss += result.loss() * minibatch.size();
        sums.regularisedLoss += result.regularisedLoss() * minibatch.size();
      }
    }
    sums.nanos = System.nanoTime() - began;
    return sums;
  }

  private StepSettings settings(RoundPlan round, int worker, int step, double learningRate) {
    int inEpoch = round.stepsBefore() + step;
    return new StepSettings(
        learningRate, iteration(round, step), plan.dropoutSeed(round.epoch(), worker, inEpoch));
  }

  private Minibatch next(Minibatches minibatches, RoundPlan round, int worker, int step) {
    try {
      return minibatches.next();
    } catch (TesseraException e) {
      // Says by itself who must act, and on what.
      throw e;
    } catch (RuntimeException e) {
      throw failed("Making a minibatch", round, worker, place(round, step), e);
    }
  }

  private StepResult step(
      Replica replica,
      Minibatch minibatch,
      StepSettings settings,
      RoundPlan round,
      int worker,
      int step) {
    try {
      return replica.step(minibatch, settings);
    } catch (RuntimeException e) {
      throw failed("Engine " + engine.name(), round, worker, place(round, step), e);
    }
  }

  private String place(RoundPlan round, int step) {
    return "minibatch " + (round.stepsBefore() + step + 1) + " of " + plan.stepsPerEpoch();
  }

  private static IllegalStateException failed(
      String what, RoundPlan round, int worker, String when, RuntimeException cause) {
    return new IllegalStateException(
        what
            + " failed on worker "
            + worker
            + " in round "
            + (round.round() + 1)
            + " (epoch "
            + (round.epoch() + 1)
            + "), "
            + when
            + ": "
            + cause.getMessage(),
        cause);
  }

  private long iteration(RoundPlan round, int step) {
    return switch (updaterState) {
      case AVERAGE -> plan.iteration(round.epoch(), round.stepsBefore() + step);
      case RESET -> step - round.firstStep();
    };
  }

  private static String health(Sums sums, ReplicaState state) {
    if (!Double.isFinite(sums.loss)) {
      return "its loss is not finite";
    }
    return allFinite(state.parameters()) && allFinite(state.updaterState())
        ? ""
        : "its parameters are not finite";
  }

  private static boolean allFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static final class Sums {
    private int examples;
    private double loss;
    private double regularisedLoss;
    private long nanos;
  }
}
