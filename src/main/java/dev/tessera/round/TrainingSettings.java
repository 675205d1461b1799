package dev.tessera.round;

import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NetworkPlan;
import java.io.Serializable;

/**
 * The {@code training} section of a job.
 *
 * @param epochs passes over the training set, at least 1
 * @param batchSize examples of one minibatch of one worker, at least 1
 * @param workers number of shards and replicas, at least 1; independent of the cluster's size
 * @param averagingFrequency minibatches of each worker between two averages, at least 1
 * @param learningRate above 0
 * @param updaterState what becomes of the updaters' state when replicas are averaged
 * @param evaluateEvery epochs between two evaluations on the validation set, at least 1; the last
 *     epoch is always evaluated
 * @param rollback what is done after a round without any finite replica
 * @param sampling how often an epoch draws the examples of each class
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    int workers,
    int averagingFrequency,
    Updater updater,
    double learningRate,
    Objective objective,
    Regularisation regularisation,
    GradientClipping clipping,
    UpdaterStatePolicy updaterState,
    int evaluateEvery,
    Sampling sampling,
    Rollback rollback,
    TrainerKind trainer)
    implements Serializable {

  /** What a replica computes under these settings. */
  public Workload workload(NetworkPlan network, PixelScaling scaling) {
    return new Workload(network, scaling, objective, updater, regularisation, clipping, batchSize);
  }

  /** The learning rate after so many rounds that diverged. */
  public double learningRate(int rollbacks) {
    return learningRate * Math.pow(rollback.factor(), rollbacks);
  }

  /**
   * What is done after a round without any finite replica: the state before it is taken again, at a
   * lower learning rate from there on.
   *
   * @param factor of the learning rate, in (0, 1)
   * @param most how often in a run, at least 0
   */
  public record Rollback(double factor, int most) implements Serializable {
    public static final Rollback DEFAULT = new Rollback(0.1, 3);
  }

  /** What becomes of the updaters' state at an average. */
  public enum UpdaterStatePolicy {
    /** Averaged like the parameters. */
    AVERAGE,
    /** Set back to its initial value on every worker. */
    RESET
  }

  /** Who averages. */
  public enum TrainerKind {
    /** Tessera's own round. */
    AVERAGING,
    /** DL4J's {@code ParameterAveragingTrainingMaster} over the same shards, as a baseline. */
    DL4J
  }
}
