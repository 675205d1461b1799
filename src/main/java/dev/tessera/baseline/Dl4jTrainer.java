package dev.tessera.baseline;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Dl4jConfiguration;
import dev.tessera.error.JobException;
import dev.tessera.image.PixelBlock;
import dev.tessera.round.TrainingSettings;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains by dl4j-spark's {@code ParameterAveragingTrainingMaster}.
 *
 * <p>Minibatches are cut once from the shards; DL4J then draws which of them make up a round and
 * repartitions them. Its averages are not weighted by examples, its dropout is not seeded by the
 * job, and it adds replicas in the order they arrive: two runs differ.
 */
public final class Dl4jTrainer {
  private final Workload workload;
  private final TrainingSettings settings;
  private final long seed;

  /**
   * Checks that DL4J has what the job asks for.
   *
   * @param workload its batch size, updater, l1 and l2 apply, not those of {@code settings}
   * @throws JobException if DL4J lacks the updater, a setting, or a word for the network
   */
  public Dl4jTrainer(Workload workload, TrainingSettings settings, long seed) {
    if (workload.updater() instanceof Updater.Momentum) {
      throw new JobException(
          "training.updater.name = momentum does not go with training.trainer = dl4j: DL4J has no"
              + " classical momentum. Use nesterov, or trainer = averaging.");
    }
    if (Dl4jConfiguration.needsGraph(workload.network())) {
      throw new JobException(
          "model: a network with joins or groups does not go with training.trainer = dl4j, which"
              + " trains chains of layers. Use trainer = averaging.");
    }
    refuse("labelSmoothing", workload.objective().labelSmoothing() != 0);
    refuse("classWeights", !workload.objective().classWeights().isEmpty());
    refuse("clipNorm", workload.clipping().norm() != 0);
    refuse("clipValue", workload.clipping().value() != 0);
    this.workload = workload;
    this.settings = settings;
    this.seed = seed;
  }

  private static void refuse(String key, boolean set) {
    if (set) {
      throw new JobException(
          "training."
              + key
              + " does not go with training.trainer = dl4j: DL4J means something else by it, or"
              + " lacks it. Leave it out, or use trainer = averaging.");
    }
  }

  /** What an epoch left behind. */
  @FunctionalInterface
  public interface EpochListener {
    /**
     * Called on the driver after each epoch.
     *
     * @param epoch from 0
     * @param score DL4J's mean loss of the last round's last minibatches, with regularisation
     */
    void finished(int epoch, ReplicaState state, double score);
  }

  /**
   * Runs all epochs and returns the last state; {@code start} is not changed.
   *
   * @param shards one partition a worker
   * @param start parameters and updater state, as the workload lays them out
   */
  public ReplicaState train(
      JavaRDD<PixelBlock> shards, ReplicaState start, EpochListener listener) {
    if (shards.getNumPartitions() != settings.workers()) {
      throw new IllegalArgumentException(
          "Cannot train "
              + settings.workers()
              + " workers on "
              + shards.getNumPartitions()
              + " shards");
    }
    var minibatches = shards.mapPartitions(new MinibatchMaker(workload));
    minibatches.persist(StorageLevel.MEMORY_AND_DISK_SER());
    try (Opened opened = new Opened(start)) {
      SparkDl4jMultiLayer spark =
          new SparkDl4jMultiLayer(
              JavaSparkContext.fromSparkContext(shards.context()), opened.network, master());
      ReplicaState state = start;
      for (int epoch = 0; epoch < settings.epochs(); epoch++) {
        spark.fit(minibatches);
        state = opened.state();
        listener.finished(epoch, state, spark.getScore());
      }
      return state;
    } finally {
      minibatches.unpersist(true);
    }
  }

  /** {@code Direct}, because DL4J's default exports the data to files, and fails on Spark 3. */
  private ParameterAveragingTrainingMaster master() {
    return new ParameterAveragingTrainingMaster.Builder(settings.workers(), workload.batchSize())
        .batchSizePerWorker(workload.batchSize())
        .averagingFrequency(settings.averagingFrequency())
        .saveUpdater(settings.updaterState() == UpdaterStatePolicy.AVERAGE)
        .workerPrefetchNumBatches(0)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .storageLevel(null)
        .rngSeed(seed)
        .build();
  }

  /** The driver's network. */
  private final class Opened implements AutoCloseable {
    private final MultiLayerNetwork network;

    Opened(ReplicaState start) {
      network =
          new MultiLayerNetwork(
              Dl4jConfiguration.portable(workload, seed, settings.learningRate()));
      network.init(Nd4j.createFromArray(start.parameters()), false);
      if (start.updaterState().length > 0) {
        INDArray state = Nd4j.createFromArray(start.updaterState());
        network.getUpdater().getStateViewArray().assign(state);
        state.close();
      }
    }

    ReplicaState state() {
      INDArray updaterState = network.getUpdater().getStateViewArray();
      return new ReplicaState(
          network.params().data().asFloat(),
          updaterState == null ? new float[0] : updaterState.data().asFloat());
    }

    @Override
    public void close() {
      network.params().close();
    }
  }
}
