package dev.tessera.engine.onednn;

import dev.tessera.engine.Objective;
import dev.tessera.engine.Targets;
import java.nio.FloatBuffer;
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
  private final Targets targets;
  private final double[] target;
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
    this.targets = new Targets(objective, classes, columns);
    this.target = new double[columns];
    this.exponentials = new double[columns];
  }

  void link() {
    in = scores.floats();
    out = gradient.floats();
  }

  void run() {
    FloatBuffer z = Objects.requireNonNull(in);
    FloatBuffer g = Objects.requireNonNull(out);
    double sum = 0;
    for (int i = 0; i < examples; i++) {
      double weight = targets.fill(step.minibatch(), i, target);
      sum += columns == 1 ? sigmoid(z, g, i, weight) : softmax(z, g, i, weight);
    }
    step.lossSum = sum;
  }

  private double softmax(FloatBuffer z, FloatBuffer g, int example, double weight) {
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
    double expected = 0;
    for (int j = 0; j < columns; j++) {
      g.put(row + j, (float) (weight * (exponentials[j] / total - target[j]) / examples));
      if (target[j] != 0) {
        expected += target[j] * (z.get(row + j) - largest);
      }
    }
    return weight * (Math.log(total) - expected);
  }

  private double sigmoid(FloatBuffer z, FloatBuffer g, int example, double weight) {
    double score = z.get(example);
    double wanted = target[0];
    double probability = 1 / (1 + Math.exp(-score));
    g.put(example, (float) (weight * (probability - wanted) / examples));
    // max(z, 0) - z y + log(1 + exp(-|z|)), which overflows for no z
    return weight * (Math.max(score, 0) - score * wanted + Math.log1p(Math.exp(-Math.abs(score))));
  }
}
