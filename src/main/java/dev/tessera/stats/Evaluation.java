package dev.tessera.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How well a network classifies a data set.
 *
 * @param accuracy share of examples whose most probable class is theirs
 * @param top5 share of examples whose class is among the five most probable; 1 with up to five
 *     classes
 * @param loss cross-entropy, mean over the examples; probabilities below 1e-10 count as that
 * @param rocAuc area under the ROC curve of class 1, for a sigmoid output alone; scores are counted
 *     in 16,384 bins
 * @param confusion row = class of the example, column = predicted class
 * @param mistakes that the network was most certain of, the worst first; at most sixteen
 * @param shown examples of the set to look at closer, of different classes where there are: at most
 *     four, by class, and the same ones in every run over the set
 */
public record Evaluation(
    long examples,
    double accuracy,
    double top5,
    double loss,
    OptionalDouble rocAuc,
    List<ClassFigures> classes,
    List<List<Long>> confusion,
    List<Mistake> mistakes,
    List<ShownExample> shown) {

  /**
   * Figures of one class; a ratio without any case is 0.
   *
   * @param precision share of predictions of this class that are right
   * @param recall share of examples of this class that are found
   * @param f1 harmonic mean of the two
   * @param support number of examples of this class
   */
  public record ClassFigures(
      String name, double precision, double recall, double f1, long support) {}

  /**
   * The figures of the counts.
   *
   * @param classNames one name a class
   */
  public static Evaluation of(EvaluationCounts counts, List<String> classNames) {
    int n = counts.classes();
    long examples = 0;
    long correct = 0;
    List<List<Long>> confusion = new ArrayList<>();
    List<ClassFigures> figures = new ArrayList<>();
    for (int c = 0; c < n; c++) {
      List<Long> row = new ArrayList<>();
      long support = 0;
      long predicted = 0;
      for (int other = 0; other < n; other++) {
        row.add(counts.confusion(c, other));
        support += counts.confusion(c, other);
        predicted += counts.confusion(other, c);
      }
      confusion.add(List.copyOf(row));
      long hits = counts.confusion(c, c);
      examples += support;
      correct += hits;
      double precision = ratio(hits, predicted);
      double recall = ratio(hits, support);
      figures.add(
          new ClassFigures(
              classNames.get(c), precision, recall, harmonicMean(precision, recall), support));
    }
    return new Evaluation(
        examples,
        ratio(correct, examples),
        ratio(counts.topHits(), examples),
        examples == 0 ? 0 : counts.lossSum() / examples,
        counts.sigmoid() ? OptionalDouble.of(counts.areaUnderRoc()) : OptionalDouble.empty(),
        List.copyOf(figures),
        List.copyOf(confusion),
        counts.mistakes().worst(),
        counts.shown().chosen());
  }

  /** One line: {@code accuracy 0.8712, top-5 0.9950, loss 0.351243 on 1,500 images}. */
  public String describe() {
    String auc =
        rocAuc.isPresent()
            ? String.format(Locale.ROOT, ", ROC AUC %.4f", rocAuc.getAsDouble())
            : "";
    return String.format(
        Locale.ROOT,
        "accuracy %.4f, top-5 %.4f, loss %.6f%s on %,d images",
        accuracy,
        top5,
        loss,
        auc,
        examples);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static double harmonicMean(double a, double b) {
    return a + b == 0 ? 0 : 2 * a * b / (a + b);
  }
}
