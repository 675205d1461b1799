package dev.tessera.engine.nd4j;

import dev.tessera.image.Minibatch;
import dev.tessera.network.NetworkPlan;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Class indices to what DL4J's losses want: one column a class, or one of 0 and 1 for a sigmoid.
 */
final class LabelInput implements AutoCloseable {
  private final int classes;
  private final int columns;
  private final BatchArray array;

  LabelInput(NetworkPlan network, int capacity) {
    classes = network.classes();
    columns = network.sigmoidOutput() ? 1 : classes;
    array = new BatchArray(capacity, columns);
  }

  /** Values of one row of the output. */
  int columns() {
    return columns;
  }

  INDArray fill(Minibatch minibatch) {
    FloatBuffer values = array.values();
    for (int i = 0; i < minibatch.size(); i++) {
      int label = checked(minibatch.labels()[i], i);
      for (int j = 0; j < columns; j++) {
        values.put(i * columns + j, j == label ? 1f : 0f);
      }
      if (columns == 1) {
        values.put(i, label);
      }
    }
    return array.first(minibatch.size());
  }

  private int checked(int label, int example) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "Cannot train on label "
              + label
              + " of example "
              + example
              + ": the network has "
              + classes
              + " classes, 0 to "
              + (classes - 1));
    }
    return label;
  }

  @Override
  public void close() {
    array.close();
  }
}
