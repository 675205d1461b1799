package dev.tessera.engine.nd4j;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads a float array of rank 2 in place, whatever its order: DL4J's are mostly column-major. */
final class Matrix {
  private final FloatBuffer values;
  private final int start;
  private final int rows;
  private final int columns;
  private final int rowStride;
  private final int columnStride;

  Matrix(INDArray array) {
    values = array.data().asNioFloat();
    start = Math.toIntExact(array.offset());
    rows = Math.toIntExact(array.size(0));
    columns = Math.toIntExact(array.size(1));
    rowStride = Math.toIntExact(array.stride(0));
    columnStride = Math.toIntExact(array.stride(1));
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  float at(int row, int column) {
    return values.get(start + row * rowStride + column * columnStride);
  }

  /** Copies all rows, one after the other. */
  void copyTo(float[] target) {
    int next = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        target[next++] = at(i, j);
      }
    }
  }
}
