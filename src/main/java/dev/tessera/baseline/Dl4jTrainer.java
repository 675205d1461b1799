package dev.tessera.baseline;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Dl4jBatches;
import dev.tessera.engine.nd4j.Dl4jConfiguration;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.round.TrainingSettings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's {@link ParameterAveragingTrainingMaster} over the same shards, batch size and averaging
 * frequency. It makes its own random draws and shuffles its own way: same figures to expect, not
 * the same bits.
 */
public final class Dl4jTrainer {
  private Dl4jTrainer() {}

  /** Hears of every epoch. */
  @FunctionalInterface
  public interface EpochListener {
    /**
     * An epoch is over.
     *
     * @param epoch from 0
     * @param state shared with nobody
     */
    void epoch(int epoch, ReplicaState state);
  }

  /**
   * Trains from a state for all epochs.
   *
   * @param shards one partition a worker
   * @param seed of DL4J's draws
   */
  public static ReplicaState train(
      JavaSparkContext spark,
      JavaRDD<PixelBlock> shards,
      Workload workload,
      TrainingSettings settings,
      long seed,
      ReplicaState start,
      EpochListener listener) {
    // DL4J reads its input again in every epoch: as minibatches of floats, made once.
    JavaRDD<DataSet> minibatches =
        shards.mapPartitions(new ToDataSets(workload)).persist(StorageLevel.MEMORY_AND_DISK_SER());
    try {
      SparkDl4jMultiLayer trainer =
          new SparkDl4jMultiLayer(
              spark, network(workload, settings, seed, start), master(settings, seed));
      ReplicaState state = start;
      for (int epoch = 0; epoch < settings.epochs(); epoch++) {
        trainer.fit(minibatches);
        state = state(trainer.getNetwork(), workload);
        listener.epoch(epoch, state);
      }
      return state;
    } finally {
      minibatches.unpersist();
    }
  }

  private static MultiLayerNetwork network(
      Workload workload, TrainingSettings settings, long seed, ReplicaState start) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(Dl4jConfiguration.portable(workload, seed, settings.learningRate()));
    INDArray parameters = Nd4j.createFromArray(start.parameters());
    network.init(parameters.reshape(1, start.parameters().length), true);
    return network;
  }

  private static ParameterAveragingTrainingMaster master(TrainingSettings settings, long seed) {
    return new ParameterAveragingTrainingMaster.Builder(settings.workers(), settings.batchSize())
        .batchSizePerWorker(settings.batchSize())
        .averagingFrequency(settings.averagingFrequency())
        .saveUpdater(settings.updaterState() == TrainingSettings.UpdaterStatePolicy.AVERAGE)
        // Ours is set already, and DL4J would forget to give its own back.
        .storageLevel(null)
        .workerPrefetchNumBatches(0)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .rngSeed(seed)
        .build();
  }

  private static ReplicaState state(MultiLayerNetwork network, Workload workload) {
    float[] updaterState = new float[workload.updaterStateCount()];
    if (updaterState.length > 0) {
      updaterState = network.getUpdater().getStateViewArray().dup('c').data().asFloat();
    }
    return new ReplicaState(network.params().dup('c').data().asFloat(), updaterState);
  }

  /** The examples of a shard in their order, as minibatches. */
  private record ToDataSets(Workload workload)
      implements FlatMapFunction<Iterator<PixelBlock>, DataSet> {
    @Override
    public Iterator<DataSet> call(Iterator<PixelBlock> blocks) {
      List<DataSet> minibatches = new ArrayList<>();
      Minibatch minibatch = new Minibatch(workload.network().input(), workload.batchSize());
      try (Dl4jBatches batches = new Dl4jBatches(workload)) {
        while (blocks.hasNext()) {
          PixelBlock block = blocks.next();
          for (int example = 0; example < block.size(); example++) {
            minibatch.add(block, example);
            if (minibatch.size() == minibatch.capacity()) {
              minibatches.add(batches.of(minibatch));
              minibatch.clear();
            }
          }
        }
        if (minibatch.size() > 0) {
          minibatches.add(batches.of(minibatch));
        }
      }
      return minibatches.iterator();
    }
  }
}
