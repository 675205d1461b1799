package dev.tessera.engine.nd4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Cross-entropy over softmax; the gradient is DL4J's, the loss in double by log-sum-exp. */
final class SoftmaxLoss extends LossMCXENT implements SummedLoss {
  private static final long serialVersionUID = 1L;

  private double lastSum;
  private @Nullable INDArray factors;

  @Override
  public void weigh(@Nullable INDArray exampleWeights) {
    factors = exampleWeights;
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
    @Nullable Matrix weights = factors == null ? null : new Matrix(factors);
    double sum = 0;
    for (int i = 0; i < scores.rows(); i++) {
      sum += (weights == null ? 1 : weights.at(i, 0)) * crossEntropy(scores, targets, i);
    }
    lastSum = sum;
    return average ? sum / scores.rows() : sum;
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray beforeActivation, IActivation activation, @Nullable INDArray mask) {
    INDArray gradient = super.computeGradient(labels, beforeActivation, activation, mask);
    return factors == null ? gradient : gradient.muliColumnVector(factors);
  }

  private static double crossEntropy(Matrix scores, Matrix targets, int row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < scores.columns(); j++) {
      largest = Math.max(largest, scores.at(row, j));
    }
    double exponentials = 0;
    double wanted = 0;
    for (int j = 0; j < scores.columns(); j++) {
      exponentials += Math.exp(scores.at(row, j) - largest);
      if (targets.at(row, j) != 0) {
        wanted += targets.at(row, j) * (scores.at(row, j) - largest);
      }
    }
    return Math.log(exponentials) - wanted;
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
