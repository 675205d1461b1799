package dev.tessera.engine.nd4j;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One of DL4J's flat arrays, copied to and from Java without anything in between. */
final class FlatView {
  private final String what;
  private final int length;
  private final FloatBuffer values;

  /** {@code array} is null where DL4J has none, as for the state of sgd. */
  FlatView(String what, @Nullable INDArray array) {
    this.what = what;
    this.length = array == null ? 0 : Math.toIntExact(array.length());
    this.values =
        length == 0 || array == null ? FloatBuffer.allocate(0) : array.data().asNioFloat();
  }

  double sumOfSquares(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double value = values.get(i);
      sum += value * value;
    }
    return sum;
  }

  double sumOfAbsolutes(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.abs(values.get(i));
    }
    return sum;
  }

  void load(float[] source) {
    check(source);
    values.put(0, source);
  }

  void store(float[] target) {
    check(target);
    values.get(0, target);
  }

  private void check(float[] array) {
    if (array.length != length) {
      throw new IllegalArgumentException(
          "Cannot copy " + array.length + " values of " + what + ": the network has " + length);
    }
  }
}
