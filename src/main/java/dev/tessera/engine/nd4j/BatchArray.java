package dev.tessera.engine.nd4j;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Room for a minibatch in native memory, filled again in every step. */
final class BatchArray implements AutoCloseable {
  private final INDArray all;
  private final FloatBuffer values;
  private INDArray view;

  /** Of shape [capacity, rest...], rows one after the other. */
  BatchArray(int capacity, long... rest) {
    long[] shape = new long[rest.length + 1];
    shape[0] = capacity;
    System.arraycopy(rest, 0, shape, 1, rest.length);
    all = Nd4j.create(DataType.FLOAT, shape, 'c');
    values = all.data().asNioFloat();
    view = all;
  }

  FloatBuffer values() {
    return values;
  }

  /** The first {@code size} rows, of which the last asked for is kept. */
  INDArray first(int size) {
    if (view.size(0) != size) {
      view = size == all.size(0) ? all : cut(size);
    }
    return view;
  }

  private INDArray cut(int size) {
    INDArrayIndex[] indices = new INDArrayIndex[all.rank()];
    java.util.Arrays.fill(indices, NDArrayIndex.all());
    indices[0] = NDArrayIndex.interval(0, size);
    return all.get(indices);
  }

  @Override
  public void close() {
    all.close();
  }
}
