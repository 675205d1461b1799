package dev.tessera.engine.nd4j;

import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.network.NetworkPlan;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Where a configuration for an open replica and one for everybody else differ. */
interface Dl4jParts {
  long seed();

  IUpdater updater(Updater updater);

  ILossFunction loss(NetworkPlan network);

  /** With DL4J's defaults. */
  BatchNormalization batchNorm();

  CacheMode cacheMode();

  /** Whether l1, l2 and weight decay are left to DL4J. */
  boolean regularises(Workload workload);

  /** Of DL4J's own classes alone. */
  record Portable(long seed, double learningRate) implements Dl4jParts {
    @Override
    public IUpdater updater(Updater updater) {
      return Dl4jUpdaters.portable(learningRate, updater);
    }

    @Override
    public ILossFunction loss(NetworkPlan network) {
      return network.sigmoidOutput() ? new LossBinaryXENT() : new LossMCXENT();
    }

    @Override
    public BatchNormalization batchNorm() {
      return new BatchNormalization();
    }

    @Override
    public CacheMode cacheMode() {
      return CacheMode.NONE;
    }

    @Override
    public boolean regularises(Workload workload) {
      return true;
    }
  }

  /** Learning rate from outside, loss in double, batch norm without garbage. */
  record Stepping() implements Dl4jParts {
    /** Nothing is drawn from it: parameters are loaded, dropout is seeded step by step. */
    @Override
    public long seed() {
      return 0;
    }

    @Override
    public IUpdater updater(Updater updater) {
      return Dl4jUpdaters.stepping(updater);
    }

    @Override
    public ILossFunction loss(NetworkPlan network) {
      return network.sigmoidOutput() ? new SigmoidLoss() : new SoftmaxLoss();
    }

    @Override
    public BatchNormalization batchNorm() {
      return new TidyBatchNorm();
    }

    /**
     * Keeps every convolution's output and unrolled input (im2col) for the backward pass, where
     * DL4J otherwise computes both a second time: training is half as fast again.
     */
    @Override
    public CacheMode cacheMode() {
      return CacheMode.DEVICE;
    }

    @Override
    public boolean regularises(Workload workload) {
      return !GradientRules.needed(workload);
    }
  }
}
