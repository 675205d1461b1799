package dev.tessera.engine.nd4j;

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

  void set(double value) {
    learningRate = value;
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
