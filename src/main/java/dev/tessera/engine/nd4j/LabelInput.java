package dev.tessera.engine.nd4j;

import dev.tessera.engine.Objective;
import dev.tessera.engine.Targets;
import dev.tessera.image.Minibatch;
import dev.tessera.network.NetworkPlan;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Class indices to what DL4J's losses want: one column a class, or one for a sigmoid, smoothed as
 * the objective says; and the weights of the examples.
 */
final class LabelInput implements AutoCloseable {
  private final int columns;
  private final Targets targets;
  private final double[] row;
  private final BatchArray array;
  private final @Nullable BatchArray weights;
  private int size;

  LabelInput(NetworkPlan network, Objective objective, int capacity) {
    columns = network.sigmoidOutput() ? 1 : network.classes();
    targets = new Targets(objective, network.classes(), columns);
    row = new double[columns];
    array = new BatchArray(capacity, columns);
    weights = objective.classWeights().isEmpty() ? null : new BatchArray(capacity, 1);
  }

  /** Values of one row of the output. */
  int columns() {
    return columns;
  }

  INDArray fill(Minibatch minibatch) {
    FloatBuffer values = array.values();
    size = minibatch.size();
    for (int i = 0; i < size; i++) {
      double weight = targets.fill(minibatch, i, row);
      for (int j = 0; j < columns; j++) {
        values.put(i * columns + j, (float) row[j]);
      }
      if (weights != null) {
        weights.values().put(i, (float) weight);
      }
    }
    return array.first(size);
  }

  /** Of the examples last filled in, one row each; null if all are 1. */
  @Nullable INDArray weights() {
    return weights == null ? null : weights.first(size);
  }

  @Override
  public void close() {
    array.close();
    if (weights != null) {
      weights.close();
    }
  }
}
