package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MistakesTest {
  private static final Shape.Image PIXEL = new Shape.Image(1, 1, 1);

  private record Named(String origin) implements EvaluationCounts.Example {
    @Override
    public SmallPicture picture() {
      return SmallPicture.of(PIXEL, new byte[] {1}, 0);
    }
  }

  private static List<String> origins(EvaluationCounts counts, int classes) {
    List<String> names = Collections.nCopies(classes, "class");
    return Evaluation.of(counts, names).mistakes().stream().map(Mistake::origin).toList();
  }

  @Test
  void keepsWhatTheNetworkWasMostCertainOfInWhateverOrderItComes() {
    List<Integer> examples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      examples.add(i);
    }
    List<String> worst = new ArrayList<>();
    for (int i = 99; i > 99 - Mistakes.MOST; i--) {
      worst.add("image" + i);
    }
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(examples, new Random(seed));
      EvaluationCounts first = new EvaluationCounts(2, false);
      EvaluationCounts second = new EvaluationCounts(2, false);
      for (int i : examples) {
        float wrong = 0.5f + 0.5f * (i + 1) / 101;
        (i % 3 == 0 ? first : second)
            .add(0, new float[] {1 - wrong, wrong}, 0, new Named("image" + i));
      }
      first.merge(second);
      assertThat(origins(first, 2)).as("seed %d", seed).isEqualTo(worst);
    }
  }

  @Test
  void whatIsRightOrNoNumberIsNoMistakeToShow() {
    EvaluationCounts counts = new EvaluationCounts(2, false);
    counts.add(0, new float[] {0.9f, 0.1f}, 0, new Named("right"));
    counts.add(1, new float[] {Float.NaN, Float.NaN}, 0, new Named("no number"));
    assertThat(origins(counts, 2)).isEmpty();
  }

  @Test
  void aSigmoidIsAsCertainOfEitherClass() {
    EvaluationCounts counts = new EvaluationCounts(2, true);
    counts.add(1, new float[] {0.25f}, 0, new Named("missed"));
    counts.add(0, new float[] {0.875f}, 0, new Named("imagined"));
    List<Mistake> mistakes = Evaluation.of(counts, List.of("no", "yes")).mistakes();
    assertThat(mistakes.stream().map(Mistake::probability)).containsExactly(0.875, 0.75);
    assertThat(mistakes.stream().map(Mistake::predicted)).containsExactly(1, 0);
  }

  @Test
  void largePicturesAreShrunkToMeansAndSmallOnesCopied() {
    Shape.Image shape = new Shape.Image(256, 128, 3);
    byte[] pixels = new byte[5 + shape.size()];
    for (int i = 0; i < shape.size(); i++) {
      pixels[5 + i] = (byte) (i % 3 == 0 ? 200 : i / (128 * 3) % 4 == 0 ? 40 : 0);
    }
    SmallPicture small = SmallPicture.of(shape, pixels, 5);
    assertThat(small.shape()).isEqualTo(new Shape.Image(64, 32, 3));
    byte[] pixel = {(byte) 200, 10, 10};
    for (int i = 0; i < small.pixels().length; i++) {
      assertThat(small.pixels()[i]).isEqualTo(pixel[i % 3]);
    }
    assertThat(SmallPicture.of(PIXEL, new byte[] {7, 8, 9}, 1).pixels()).containsExactly(8);
  }
}
