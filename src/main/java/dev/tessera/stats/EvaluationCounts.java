package dev.tessera.stats;

import java.io.Serializable;

/**
 * What is counted while examples are classified, and what two parts of a data set add up to. Loss
 * is summed in double, in the order of the examples.
 *
 * <p>Not thread-safe.
 */
public final class EvaluationCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Scores of a sigmoid output are counted in this many bins of equal width for the ROC curve. */
  static final int SCORE_BINS = 1 << 14;

  /**
   * A probability below this counts as this, so that one certain mistake does not make the loss
   * infinite.
   */
  static final double SMALLEST_PROBABILITY = 1e-10;

  private static final int TOP = 5;
  private static final float SIGMOID_THRESHOLD = 0.5f;

  private final int classes;
  private final long[] confusion;
  private final long[] positives;
  private final long[] negatives;
  private final Mistakes mistakes = new Mistakes();
  private final ShownExamples shown;
  private long topHits;
  private double lossSum;

  /**
   * @param sigmoid whether the output is one probability, of class 1
   */
  public EvaluationCounts(int classes, boolean sigmoid) {
    this.classes = classes;
    this.shown = new ShownExamples(classes);
    this.confusion = new long[Math.multiplyExact(classes, classes)];
    this.positives = new long[sigmoid ? SCORE_BINS : 0];
    this.negatives = new long[sigmoid ? SCORE_BINS : 0];
  }

  /**
   * Takes one example: its class and the network's output for it, {@code classes} probabilities (or
   * one) from {@code offset} on.
   */
  public void add(int label, float[] output, int offset) {
    add(label, predicted(output, offset), output, offset);
  }

  private void add(int label, int predicted, float[] output, int offset) {
    if (sigmoid()) {
      addSigmoid(label, predicted, output[offset]);
      return;
    }
    int better = 0;
    float own = output[offset + label];
    for (int c = 0; c < classes; c++) {
      float probability = output[offset + c];
      if (probability > own || (probability == own && c < label)) {
        better++;
      }
    }
    count(label, predicted, own);
    // No probability is above NaN, and that is no hit.
    if (better < TOP && !Float.isNaN(own)) {
      topHits++;
    }
  }

  private void addSigmoid(int label, int predicted, float probability) {
    count(label, predicted, label == 1 ? probability : 1 - probability);
    topHits++;
    int bin = Math.min(SCORE_BINS - 1, (int) (probability * SCORE_BINS));
    (label == 1 ? positives : negatives)[bin]++;
  }

  private void count(int label, int predicted, double probability) {
    confusion[label * classes + predicted]++;
    lossSum -= Math.log(Math.max(SMALLEST_PROBABILITY, probability));
  }

  /** Whose picture is wanted if it is a mistake to keep, and whose origin tells which to show. */
  public interface Example {
    String origin();

    SmallPicture picture();
  }

  /** As {@link #add(int, float[], int)}, of an example that can be shown. */
  public void add(int label, float[] output, int offset, Example example) {
    int predicted = predicted(output, offset);
    add(label, predicted, output, offset);
    shown.add(example.origin(), label);
    if (predicted == label) {
      return;
    }
    double probability =
        sigmoid() && predicted == 0
            ? 1 - output[offset]
            : output[offset + (sigmoid() ? 0 : predicted)];
    if (mistakes.mayTake(probability)) {
      mistakes.add(new Mistake(example.origin(), label, predicted, probability, example.picture()));
    }
  }

  private int predicted(float[] output, int offset) {
    if (sigmoid()) {
      return output[offset] > SIGMOID_THRESHOLD ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (output[offset + c] > output[offset + best]) {
        best = c;
      }
    }
    return best;
  }

  /** Adds the counts of the part that follows. */
  public void merge(EvaluationCounts next) {
    addAll(confusion, next.confusion);
    addAll(positives, next.positives);
    addAll(negatives, next.negatives);
    topHits += next.topHits;
    lossSum += next.lossSum;
    mistakes.merge(next.mistakes);
    shown.merge(next.shown);
  }

  private static void addAll(long[] sums, long[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }

  int classes() {
    return classes;
  }

  long confusion(int label, int predicted) {
    return confusion[label * classes + predicted];
  }

  long topHits() {
    return topHits;
  }

  Mistakes mistakes() {
    return mistakes;
  }

  ShownExamples shown() {
    return shown;
  }

  double lossSum() {
    return lossSum;
  }

  boolean sigmoid() {
    return positives.length > 0;
  }

  /**
   * Area under the ROC curve by the trapezoidal rule over the score bins: equal scores count half
   * (Fawcett 2006). NaN if a class is missing.
   */
  double areaUnderRoc() {
    double pairs = 0;
    long negativesBelow = 0;
    long positiveCount = 0;
    for (int bin = 0; bin < SCORE_BINS; bin++) {
      pairs += positives[bin] * (negativesBelow + negatives[bin] / 2.0);
      negativesBelow += negatives[bin];
      positiveCount += positives[bin];
    }
    return pairs / ((double) positiveCount * negativesBelow);
  }
}
