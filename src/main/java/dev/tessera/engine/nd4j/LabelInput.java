package dev.tessera.engine.nd4j;

import dev.tessera.engine.Objective;
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
  private final int classes;
  private final int columns;
  private final Objective objective;
  private final BatchArray array;
  private final @Nullable BatchArray weights;
  private int size;

  LabelInput(NetworkPlan network, Objective objective, int capacity) {
    classes = network.classes();
    columns = network.sigmoidOutput() ? 1 : classes;
    this.objective = objective;
    array = new BatchArray(capacity, columns);
    weights = objective.classWeights().isEmpty() ? null : new BatchArray(capacity, 1);
  }

  /** Values of one row of the output. */
  int columns() {
    return columns;
  }

  INDArray fill(Minibatch minibatch) {
    FloatBuffer values = array.values();
    float off = (float) (objective.labelSmoothing() / classes);
    float on = (float) (1 - objective.labelSmoothing() + objective.labelSmoothing() / classes);
    size = minibatch.size();
    for (int i = 0; i < size; i++) {
      int label = minibatch.labels()[i];
      for (int j = 0; j < columns; j++) {
        values.put(i * columns + j, j == label ? on : off);
      }
      if (columns == 1) {
        values.put(i, label == 1 ? on : off);
      }
      if (weights != null) {
        weights.values().put(i, (float) objective.weight(label));
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
