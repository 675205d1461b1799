package dev.tessera.engine;

import java.io.Serializable;
import java.util.List;

/**
 * What training makes small, before regularisation: the cross-entropy between targets and
 * probabilities, {@code 1/n sum_i w[label_i] * l_i} over the n examples of a minibatch. The divisor
 * is n and not the sum of the weights, as in DL4J and Keras (PyTorch divides by the weights).
 *
 * <p>A mixture of two examples, of whose labels a and b the second has the share m, counts {@code
 * (1 - m) w[a] l(a) + m w[b] l(b)}: each label with its own weight and its own smoothed target.
 *
 * @param labelSmoothing s, in [0, 1). Targets are {@code (1 - s) * onehot + s / classes}, for a
 *     sigmoid {@code y (1 - s) + s / 2} (Szegedy et al. 2016, as in Keras and PyTorch)
 * @param classWeights w, one for each class and at least 0, not all 0; empty for all one
 */
public record Objective(double labelSmoothing, List<Double> classWeights) implements Serializable {
  /** Hard targets, all classes alike. */
  public static final Objective PLAIN = new Objective(0, List.of());

  public Objective {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "Invalid labelSmoothing " + labelSmoothing + ": it must be at least 0 and below 1");
    }
    classWeights = List.copyOf(classWeights);
    for (double weight : classWeights) {
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "Invalid class weight " + weight + ": it must be at least 0");
      }
    }
    if (!classWeights.isEmpty() && classWeights.stream().allMatch(weight -> weight == 0)) {
      throw new IllegalArgumentException(
          "Invalid class weights " + classWeights + ": one at least must be above 0");
    }
  }

  /** The weight of an example with that label. */
  public double weight(int label) {
    return classWeights.isEmpty() ? 1 : classWeights.get(label);
  }
}
