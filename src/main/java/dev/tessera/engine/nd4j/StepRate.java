package dev.tessera.engine.nd4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The learning rate of the step at hand, as a schedule that DL4J's updaters ask in every step.
 *
 * <p>{@code MultiLayerNetwork.setLearningRate} builds the updater anew and copies its state;
 * setting a field here costs nothing. One replica's layers share one instance: {@link #clone()}
 * returns it.
 */
final class StepRate implements ISchedule {
  private static final long serialVersionUID = 1L;

  private double learningRate;

  /**
   * Gives every layer's updater this schedule. Done on a finished network, before it makes its
   * updater: DL4J copies configurations on the way, and {@code AdaGrad.clone} forgets its schedule.
   */
  void drive(Layer[] layers) {
    for (Layer layer : layers) {
      if (layer.conf().getLayer() instanceof BaseLayer parameterised) {
        parameterised.getIUpdater().setLrAndSchedule(Double.NaN, this);
      }
    }
  }

  void set(double value) {
    learningRate = value;
  }

  double current() {
    return learningRate;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return learningRate;
  }

  @Override
  @SuppressWarnings({"MethodDoesntCallSuperMethod", "CloneDoesntCallSuperClone"})
  public ISchedule clone() {
    return this;
  }
}
