package dev.tessera.round;

import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NetworkPlan;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

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
 * @param earlyStopping when the run ends before its last epoch, and which state it ends with
 * @param rollback what is done after a round without any finite replica
 * @param sampling how often an epoch draws the examples of each class
 * @param classWeighting where the weights of classes are from
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
    EarlyStopping earlyStopping,
    Sampling sampling,
    Rollback rollback,
    TrainerKind trainer,
    ClassWeighting classWeighting)
    implements Serializable {

  /**
   * To the last epoch, with every example once in each, the classes' weights as the objective has
   * them, and no second attempt at a round.
   */
  public TrainingSettings(
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
      TrainerKind trainer) {
    this(
        epochs,
        batchSize,
        workers,
        averagingFrequency,
        updater,
        learningRate,
        objective,
        regularisation,
        clipping,
        updaterState,
        evaluateEvery,
        EarlyStopping.OFF,
        Sampling.NATURAL,
        Rollback.NONE,
        trainer,
        ClassWeighting.GIVEN);
  }

  /**
   * The same with the weights of classes worked out where they are to be balanced: {@code images /
   * (classes * images of the class)}, as scikit-learn has it. Every class then weighs as much in
   * the sum over an epoch, and the mean weight of an image is 1.
   *
   * @param classCounts images of every class of the training set, each at least 1
   */
  public TrainingSettings weighted(long[] classCounts) {
    if (classWeighting == ClassWeighting.GIVEN) {
      return this;
    }
    double images = Arrays.stream(classCounts).sum();
    List<Double> weights =
        Arrays.stream(classCounts)
            .mapToObj(count -> images / ((double) classCounts.length * count))
            .toList();
    return new TrainingSettings(
        epochs,
        batchSize,
        workers,
        averagingFrequency,
        updater,
        learningRate,
        new Objective(objective.labelSmoothing(), weights),
        regularisation,
        clipping,
        updaterState,
        evaluateEvery,
        earlyStopping,
        sampling,
        rollback,
        trainer,
        ClassWeighting.GIVEN);
  }

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
    public static final Rollback NONE = new Rollback(0.1, 0);
  }

  /** What becomes of the updaters' state at an average. */
  public enum UpdaterStatePolicy {
    /** Averaged like the parameters. */
    AVERAGE,
    /** Set back to its initial value on every worker. */
    RESET
  }

  /** Where the weights of classes are from. */
  public enum ClassWeighting {
    /** The objective has them. */
    GIVEN,
    /** The numbers of images in the training set give them. */
    BALANCED
  }

  /** Who averages. */
  public enum TrainerKind {
    /** Tessera's own round. */
    AVERAGING,
    /** DL4J's {@code ParameterAveragingTrainingMaster} over the same shards, as a baseline. */
    DL4J
  }
}
