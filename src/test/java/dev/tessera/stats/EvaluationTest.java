package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
  /** Sums of up to a few thousand logarithms in double, grouped in another way. */
  private static final double LOSS_TOLERANCE = 1e-12;

  /**
   * A pair of scores in one bin counts half instead of 0 or 1: at most half the share of pairs that
   * fall into one bin, 1/16,384 for uniform scores and no more than twice that for these.
   */
  private static final double AUC_TOLERANCE = 1.0 / EvaluationCounts.SCORE_BINS;

  private static List<String> names(int classes) {
    return IntStream.range(0, classes).mapToObj(c -> "class" + c).toList();
  }

  private static Evaluation evaluation(EvaluationCounts counts) {
    return Evaluation.of(counts, names(counts.classes()));
  }

  private static final class Example {
    private final int label;
    private final float[] output;

    Example(int label, float[] output) {
      this.label = label;
      this.output = output;
    }
  }

  /** Softmax-like outputs in which ties are common. */
  private static List<Example> examples(long seed, int count, int classes) {
    System.out.println("seed " + seed);
    RandomStream random = RandomStream.of(seed, Purpose.AUGMENTATION);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] output = new float[classes];
      int sum = 0;
      for (int c = 0; c < classes; c++) {
        output[c] = random.nextInt(6);
        sum += (int) output[c];
      }
      for (int c = 0; c < classes; c++) {
        output[c] /= Math.max(1, sum);
      }
      examples.add(new Example(random.nextInt(classes), output));
    }
    return examples;
  }

  private static EvaluationCounts count(List<Example> examples, int classes) {
    EvaluationCounts counts = new EvaluationCounts(classes, false);
    examples.forEach(example -> counts.add(example.label, example.output, 0));
    return counts;
  }

  /** Classes by falling probability, equal ones by index. */
  private static List<Integer> ranking(float[] output) {
    List<Integer> classes = new ArrayList<>(IntStream.range(0, output.length).boxed().toList());
    classes.sort((a, b) -> Float.compare(output[b], output[a]));
    return classes;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 6, 12})
  void figuresAreThoseOfAnObviousComputation(int classes) {
    List<Example> examples = examples(classes, 500, classes);
    Evaluation evaluation = evaluation(count(examples, classes));

    long correct = 0;
    long top5 = 0;
    double loss = 0;
    long[][] confusion = new long[classes][classes];
    for (Example example : examples) {
      List<Integer> ranking = ranking(example.output);
      correct += ranking.get(0) == example.label ? 1 : 0;
      top5 += ranking.indexOf(example.label) < 5 ? 1 : 0;
      loss -= Math.log(Math.max(1e-10, example.output[example.label]));
      confusion[example.label][ranking.get(0)]++;
    }
    assertThat(evaluation.examples()).isEqualTo(500);
    assertThat(evaluation.accuracy()).isEqualTo(correct / 500.0);
    assertThat(evaluation.top5()).isEqualTo(top5 / 500.0);
    assertThat(evaluation.loss()).isCloseTo(loss / 500, within(LOSS_TOLERANCE));
    assertThat(evaluation.rocAuc()).isEmpty();
    for (int c = 0; c < classes; c++) {
      int index = c;
      assertThat(evaluation.confusion().get(c))
          .containsExactlyElementsOf(
              IntStream.range(0, classes).mapToObj(p -> confusion[index][p]).toList());
      Evaluation.ClassFigures figures = evaluation.classes().get(c);
      double support = IntStream.range(0, classes).mapToLong(p -> confusion[index][p]).sum();
      double predicted = IntStream.range(0, classes).mapToLong(l -> confusion[l][index]).sum();
      double precision = predicted == 0 ? 0 : confusion[c][c] / predicted;
      double recall = support == 0 ? 0 : confusion[c][c] / support;
      assertThat(figures.name()).isEqualTo("class" + c);
      assertThat(figures.support()).isEqualTo((long) support);
      assertThat(figures.precision()).isEqualTo(precision);
      assertThat(figures.recall()).isEqualTo(recall);
      double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
      assertThat(figures.f1()).isEqualTo(f1);
    }
  }

  @Test
  void outputThatIsNotANumberIsNoHitInTheTop5() {
    EvaluationCounts counts = new EvaluationCounts(2, false);
    counts.add(1, new float[] {Float.NaN, Float.NaN}, 0);
    assertThat(evaluation(counts).top5()).isZero();
    assertThat(evaluation(counts).loss()).isNaN();
  }

  @Test
  void top5IsOneWithUpToFiveClasses() {
    assertThat(evaluation(count(examples(9, 100, 5), 5)).top5()).isEqualTo(1);
  }

  @Test
  void tiesGoToTheClassOfTheLowerIndex() {
    EvaluationCounts counts = new EvaluationCounts(7, false);
    float[] equal = new float[7];
    java.util.Arrays.fill(equal, 1 / 7f);
    counts.add(0, equal, 0); // predicted 0, in the top 5
    counts.add(4, equal, 0); // fifth
    counts.add(5, equal, 0); // sixth: not in the top 5
    Evaluation evaluation = evaluation(counts);
    assertThat(evaluation.accuracy()).isEqualTo(1 / 3.0);
    assertThat(evaluation.top5()).isEqualTo(2 / 3.0);
  }

  @Test
  void certainMistakeCostsTheLossOfTheSmallestProbability() {
    EvaluationCounts counts = new EvaluationCounts(2, false);
    counts.add(1, new float[] {1, 0}, 0);
    assertThat(evaluation(counts).loss()).isCloseTo(-Math.log(1e-10), within(LOSS_TOLERANCE));
    EvaluationCounts sigmoid = new EvaluationCounts(2, true);
    sigmoid.add(0, new float[] {1}, 0);
    assertThat(evaluation(sigmoid).loss()).isCloseTo(-Math.log(1e-10), within(LOSS_TOLERANCE));
  }

  @Test
  void readsOutputsFromTheirOffset() {
    EvaluationCounts counts = new EvaluationCounts(2, false);
    counts.add(1, new float[] {1, 0, 0.25f, 0.75f}, 2);
    assertThat(evaluation(counts).accuracy()).isEqualTo(1);
    assertThat(evaluation(counts).loss()).isCloseTo(-Math.log(0.75), within(LOSS_TOLERANCE));
  }

  @Test
  void classWithoutExamplesOrPredictionsHasFiguresOfZero() {
    EvaluationCounts counts = new EvaluationCounts(3, false);
    counts.add(0, new float[] {1, 0, 0}, 0);
    Evaluation.ClassFigures missing = evaluation(counts).classes().get(2);
    assertThat(missing).isEqualTo(new Evaluation.ClassFigures("class2", 0, 0, 0, 0));
  }

  @Test
  void noExamplesGiveNoDivisionByZero() {
    Evaluation evaluation = evaluation(new EvaluationCounts(2, false));
    assertThat(evaluation.examples()).isZero();
    assertThat(evaluation.accuracy()).isZero();
    assertThat(evaluation.loss()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 250, 499, 500})
  void partsMergeToTheWhole(int cut) {
    List<Example> examples = examples(77, 500, 6);
    Evaluation whole = evaluation(count(examples, 6));
    EvaluationCounts first = count(examples.subList(0, cut), 6);
    first.merge(count(examples.subList(cut, 500), 6));
    Evaluation merged = evaluation(first);
    assertThat(merged.confusion()).isEqualTo(whole.confusion());
    assertThat(merged.classes()).isEqualTo(whole.classes());
    assertThat(merged.top5()).isEqualTo(whole.top5());
    assertThat(merged.loss()).isCloseTo(whole.loss(), within(LOSS_TOLERANCE));
  }

  private record Scored(int label, float score) {}

  private static List<Scored> scores(long seed, int count, double shift, int steps) {
    System.out.println("seed " + seed);
    RandomStream random = RandomStream.of(seed, Purpose.AUGMENTATION);
    List<Scored> scores = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(3) == 0 ? 1 : 0;
      double score = Math.min(1, random.nextDouble() * (1 - shift) + label * shift);
      scores.add(
          new Scored(label, (float) (steps == 0 ? score : Math.floor(score * steps) / steps)));
    }
    return scores;
  }

  private static EvaluationCounts sigmoid(List<Scored> scores) {
    EvaluationCounts counts = new EvaluationCounts(2, true);
    scores.forEach(s -> counts.add(s.label(), new float[] {s.score()}, 0));
    return counts;
  }

  private static double auc(List<Scored> scores) {
    double won = 0;
    long pairs = 0;
    for (Scored positive : scores) {
      for (Scored negative : scores) {
        if (positive.label() == 1 && negative.label() == 0) {
          pairs++;
          won += positive.score() > negative.score() ? 1 : 0;
          won += positive.score() == negative.score() ? 0.5 : 0;
        }
      }
    }
    return won / pairs;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.3})
  void rocAucIsTheShareOfPairsInTheRightOrder(double shift) {
    List<Scored> scores = scores(5, 2000, shift, 0);
    assertThat(evaluation(sigmoid(scores)).rocAuc().orElseThrow())
        .isCloseTo(auc(scores), within(AUC_TOLERANCE));
  }

  @Test
  void rocAucIsExactForScoresOnTheBorders() {
    List<Scored> scores = scores(6, 1000, 0.2, 32);
    assertThat(evaluation(sigmoid(scores)).rocAuc().orElseThrow()).isEqualTo(auc(scores));
  }

  @Test
  void rocAucOfPerfectAndReversedScores() {
    List<Scored> perfect = List.of(new Scored(0, 0f), new Scored(0, 0.4f), new Scored(1, 1f));
    assertThat(evaluation(sigmoid(perfect)).rocAuc().orElseThrow()).isEqualTo(1);
    List<Scored> reversed = List.of(new Scored(1, 0f), new Scored(0, 1f));
    assertThat(evaluation(sigmoid(reversed)).rocAuc().orElseThrow()).isZero();
    assertThat(evaluation(sigmoid(List.of(new Scored(1, 0.5f)))).rocAuc().orElseThrow()).isNaN();
  }

  @Test
  void sigmoidCountsScoresAboveOneHalfAsClassOne() {
    List<Scored> scores = scores(8, 300, 0.1, 10);
    Evaluation evaluation = evaluation(sigmoid(scores));
    double correct = 0;
    double loss = 0;
    for (Scored s : scores) {
      correct += (s.score() > 0.5f ? 1 : 0) == s.label() ? 1 : 0;
      loss -= Math.log(Math.max(1e-10, s.label() == 1 ? s.score() : 1 - s.score()));
    }
    assertThat(evaluation.accuracy()).isEqualTo(correct / 300);
    assertThat(evaluation.top5()).isEqualTo(1);
    assertThat(evaluation.loss()).isCloseTo(loss / 300, within(LOSS_TOLERANCE));
  }

  @Test
  void rocAucOfPartsIsThatOfTheWhole() {
    List<Scored> scores = new ArrayList<>(scores(10, 400, 0.2, 0));
    EvaluationCounts whole = sigmoid(scores);
    EvaluationCounts parts = sigmoid(scores.subList(0, 123));
    parts.merge(sigmoid(scores.subList(123, 400)));
    assertThat(evaluation(parts).rocAuc()).isEqualTo(evaluation(whole).rocAuc());
    Collections.reverse(scores);
    assertThat(evaluation(sigmoid(scores)).rocAuc()).isEqualTo(evaluation(whole).rocAuc());
  }

  @Test
  void describesItselfInOneLine() {
    EvaluationCounts counts = new EvaluationCounts(2, true);
    for (int i = 0; i < 1500; i++) {
      counts.add(i % 2, new float[] {i % 2 == 1 ? 0.75f : 0.25f}, 0);
    }
    assertThat(evaluation(counts).describe())
        .isEqualTo("accuracy 1.0000, top-5 1.0000, loss 0.287682, ROC AUC 1.0000 on 1,500 images");
    EvaluationCounts softmax = new EvaluationCounts(2, false);
    softmax.add(0, new float[] {0.5f, 0.5f}, 0);
    assertThat(evaluation(softmax).describe())
        .isEqualTo("accuracy 1.0000, top-5 1.0000, loss 0.693147 on 1 images");
  }
}
