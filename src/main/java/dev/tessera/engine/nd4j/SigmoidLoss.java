package dev.tessera.engine.nd4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/**
 * Cross-entropy over one sigmoid, labels from 0 to 1.
 *
 * <p>The gradient is {@code p - y}. DL4J's divides by p clipped to [1e-5, 1 - 1e-5] and so vanishes
 * for an example that is surely wrong; elsewhere the two agree to rounding.
 */
final class SigmoidLoss extends LossBinaryXENT implements SummedLoss {
  private static final long serialVersionUID = 1L;

  private double lastSum;
  private @Nullable INDArray weights;

  @Override
  public void weigh(@Nullable INDArray exampleWeights) {
    weights = exampleWeights;
  }

  @Override
  public double lastSum() {
    return lastSum;
  }

  @Override
  public double computeScore(
      INDArray labels,
      INDArray beforeActivation,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    Matrix scores = new Matrix(beforeActivation);
    Matrix targets = new Matrix(labels);
    @Nullable Matrix factors = weights == null ? null : new Matrix(weights);
    double sum = 0;
    for (int i = 0; i < scores.rows(); i++) {
      sum +=
          (factors == null ? 1 : factors.at(i, 0))
              * crossEntropy(scores.at(i, 0), targets.at(i, 0));
    }
    lastSum = sum;
    return average ? sum / scores.rows() : sum;
  }

  /** log(1 + exp(z)) - y z, without overflow. */
  private static double crossEntropy(double score, double label) {
    return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - label * score;
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray beforeActivation, IActivation activation, @Nullable INDArray mask) {
    INDArray gradient = activation.getActivation(beforeActivation.dup(), true).subi(labels);
    return weights == null ? gradient : gradient.muliColumnVector(weights);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
