package dev.tessera.engine;

import dev.tessera.image.Minibatch;
import java.util.List;

/**
 * What the output shall be for the examples of a minibatch, by the {@link Objective}: a weight, and
 * a target for every value of the output.
 *
 * <p>A mixture with shares {@code 1 - m} and {@code m} of labels a and b has the weight {@code W =
 * (1 - m) w[a] + m w[b]} and the target {@code ((1 - m) w[a] t(a) + m w[b] t(b)) / W}:
 * cross-entropy is linear in the target, so that is the weighted mean of the two labels' terms, and
 * its gradient by the output's values before softmax or sigmoid stays {@code weight (probability -
 * target)}.
 */
public final class Targets {
  private final int columns;
  private final double[] classWeights;
  private final double onTarget;
  private final double offTarget;

  /**
   * @param columns values of the output, one a class, or one for a sigmoid, the probability of
   *     class 1
   */
  public Targets(Objective objective, int classes, int columns) {
    this.columns = columns;
    this.classWeights = weights(objective.classWeights(), classes);
    this.offTarget = objective.labelSmoothing() / classes;
    this.onTarget = 1 - objective.labelSmoothing() + offTarget;
  }

  private static double[] weights(List<Double> given, int classes) {
    double[] weights = new double[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = given.isEmpty() ? 1 : given.get(c);
    }
    return weights;
  }

  /**
   * Puts the targets of an example into {@code row}.
   *
   * @param row one value a column
   * @return the example's weight
   */
  public double fill(Minibatch minibatch, int example, double[] row) {
    int label = minibatch.labels()[example];
    double otherShare = minibatch.otherShare(example);
    if (otherShare != 0) {
      return fill(label, minibatch.otherLabel(example), otherShare, row);
    }
    for (int j = 0; j < columns; j++) {
      row[j] = target(label, j);
    }
    return classWeights[label];
  }

  private double fill(int label, int other, double otherShare, double[] row) {
    double first = (1 - otherShare) * classWeights[label];
    double second = otherShare * classWeights[other];
    double weight = first + second;
    for (int j = 0; j < columns; j++) {
      // Without weight it counts nothing, whatever its target.
      row[j] =
          weight == 0
              ? target(label, j)
              : (first * target(label, j) + second * target(other, j)) / weight;
    }
    return weight;
  }

  private double target(int label, int column) {
    return label == (columns == 1 ? 1 : column) ? onTarget : offTarget;
  }
}
