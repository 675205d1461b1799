package dev.tessera.engine.onednn;

import java.nio.FloatBuffer;

/** The output's values to probabilities, in double. */
final class Probabilities {
  private Probabilities() {}

  static void softmax(FloatBuffer scores, float[] into, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      int from = row * columns;
      double largest = Double.NEGATIVE_INFINITY;
      for (int j = from; j < from + columns; j++) {
        largest = Math.max(largest, scores.get(j));
      }
      double sum = 0;
      for (int j = from; j < from + columns; j++) {
        sum += Math.exp(scores.get(j) - largest);
      }
      for (int j = from; j < from + columns; j++) {
        into[j] = (float) (Math.exp(scores.get(j) - largest) / sum);
      }
    }
  }

  static void sigmoid(FloatBuffer scores, float[] into, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = (float) (1 / (1 + Math.exp(-scores.get(i))));
    }
  }
}
