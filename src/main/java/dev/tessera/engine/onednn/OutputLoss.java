package dev.tessera.engine.onednn;

import dev.tessera.engine.Objective;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy over the output's values before softmax or sigmoid, in double, and its gradient:
 * {@code weight (probability - target) / examples}.
 */
final class OutputLoss {
  private final StepContext step;
  private final Tensor scores;
  private final Tensor gradient;
  private final int examples;
  private final int columns;
  private final double[] classWeights;
  private final double onTarget;
  private final double offTarget;
  private final double[] exponentials;
  private @Nullable FloatBuffer in;
  private @Nullable FloatBuffer out;

  /**
   * @param scores N x classes, or N x 1 for a sigmoid; plain floats, as {@code gradient}
   */
  OutputLoss(
      StepContext step,
      Tensor scores,
      Tensor gradient,
      int examples,
      int columns,
      int classes,
      Objective objective) {
    this.step = step;
    this.scores = scores;
    this.gradient = gradient;
    this.examples = examples;
    this.columns = columns;
    this.classWeights = weights(objective.classWeights(), classes);
    this.offTarget = objective.labelSmoothing() / classes;
    this.onTarget = 1 - objective.labelSmoothing() + offTarget;
    this.exponentials = new double[columns];
  }

  private static double[] weights(List<Double> given, int classes) {
    double[] weights = new double[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = given.isEmpty() ? 1 : given.get(c);
    }
    return weights;
  }

  void link() {
    in = scores.floats();
    out = gradient.floats();
  }

  void run() {
    FloatBuffer z = Objects.requireNonNull(in);
    FloatBuffer g = Objects.requireNonNull(out);
    int[] labels = step.minibatch().labels();
    double sum = 0;
    for (int i = 0; i < examples; i++) {
      sum += columns == 1 ? sigmoid(z, g, i, labels[i]) : softmax(z, g, i, labels[i]);
    }
    step.lossSum = sum;
  }

  private double softmax(FloatBuffer z, FloatBuffer g, int example, int label) {
    int row = example * columns;
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < columns; j++) {
      largest = Math.max(largest, z.get(row + j));
    }
    double total = 0;
    for (int j = 0; j < columns; j++) {
      exponentials[j] = Math.exp(z.get(row + j) - largest);
      total += exponentials[j];
    }
    double weight = classWeights[label];
    double expected = 0;
    for (int j = 0; j < columns; j++) {
      double target = j == label ? onTarget : offTarget;
      g.put(row + j, (float) (weight * (exponentials[j] / total - target) / examples));
      if (target != 0) {
        expected += target * (z.get(row + j) - largest);
      }
    }
    return weight * (Math.log(total) - expected);
  }

  private double sigmoid(FloatBuffer z, FloatBuffer g, int example, int label) {
    double score = z.get(example);
    double target = label == 1 ? onTarget : offTarget;
    double weight = classWeights[label];
    double probability = 1 / (1 + Math.exp(-score));
    g.put(example, (float) (weight * (probability - target) / examples));
    // max(z, 0) - z y + log(1 + exp(-|z|)), which overflows for no z
    return weight * (Math.max(score, 0) - score * target + Math.log1p(Math.exp(-Math.abs(score))));
  }
}
