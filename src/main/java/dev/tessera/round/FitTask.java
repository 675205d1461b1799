package dev.tessera.round;

import dev.tessera.engine.Engine;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaPool;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Augmenter;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import java.io.Serializable;

/**
 * One worker's part of a round: a pure function of the plan, the state and the shard. Run twice, it
 * returns the same bits and leaves nothing behind.
 *
 * @param threads native threads of the replica
 * @param updaterState a reset state has seen no step: Adam's bias correction counts from the
 *     round's first step then, else from the run's
 * @param augmentation of every minibatch, in the buffer that it was copied into
 */
public record FitTask(
    Engine engine,
    Workload workload,
    EpochPlan plan,
    int threads,
    UpdaterStatePolicy updaterState,
    Augmentation augmentation)
    implements Serializable {

  /** Without augmentation. */
  public FitTask(
      Engine engine,
      Workload workload,
      EpochPlan plan,
      int threads,
      UpdaterStatePolicy updaterState) {
    this(engine, workload, plan, threads, updaterState, Augmentation.NONE);
  }

  /**
   * Replicas stay open between rounds; one idle replica a core is all that a JVM can use at once.
   */
  static final ReplicaPool POOL = new ReplicaPool(Runtime.getRuntime().availableProcessors());

  /** Closes the replicas that this JVM keeps open between rounds. */
  public static void releaseReplicas() {
    POOL.clear();
  }

  /**
   * Loads the state, steps through the worker's minibatches of the round, and returns the replica.
   */
  public WorkerResult fit(
      RoundPlan round, int worker, double learningRate, ReplicaState start, Shard shard) {
    int end = Math.min(round.endStep(), plan.minibatchesOf(worker));
    if (shard.size() != plan.shardSizes().get(worker)) {
      throw new IllegalStateException(
          "Shard "
              + worker
              + " has "
              + shard.size()
              + " examples in round "
              + (round.round() + 1)
              + ", planned were "
              + plan.shardSizes().get(worker));
    }
    if (round.firstStep() >= end) {
      return new WorkerResult(
          new WorkerReport(worker, 0, 0, 0, "", Host.name(), 0),
          new ReplicaState(new float[0], new float[0]));
    }
    try (ReplicaPool.Lease lease = POOL.borrow(engine, workload, threads)) {
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

  private Sums steps(
      Replica replica, RoundPlan round, int end, int worker, double learningRate, Shard shard) {
    int[] order = plan.order(round.epoch(), worker);
    Minibatch minibatch = new Minibatch(workload.network().input(), workload.batchSize());
    Augmenter augmenter = new Augmenter(augmentation, minibatch.shape());
    Sums sums = new Sums();
    long began = System.nanoTime();
    for (int step = round.firstStep(); step < end; step++) {
      int from = step * plan.batchSize();
      shard.fill(minibatch, order, from, Math.min(from + plan.batchSize(), order.length));
      augmenter.apply(minibatch, plan.augmentationSeed(round.epoch(), worker, step));
      StepSettings settings =
          new StepSettings(
              learningRate, iteration(round, step), plan.dropoutSeed(round.epoch(), worker, step));
      StepResult result = step(replica, minibatch, settings, round, worker, step);
      sums.examples += minibatch.size();
      sums.loss += result.loss() * minibatch.size();
      sums.regularisedLoss += result.regularisedLoss() * minibatch.size();
    }
    sums.nanos = System.nanoTime() - began;
    return sums;
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
      throw new IllegalStateException(
          "Engine "
              + engine.name()
              + " failed on worker "
              + worker
              + " in round "
              + (round.round() + 1)
              + " (epoch "
              + (round.epoch() + 1)
              + "), minibatch "
              + (step + 1)
              + " of "
              + plan.minibatchesOf(worker)
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private long iteration(RoundPlan round, int step) {
    return switch (updaterState) {
      case AVERAGE -> plan.iteration(round.epoch(), step);
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
