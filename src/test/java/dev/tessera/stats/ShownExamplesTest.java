package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownExamplesTest {
  private static final int EXAMPLES = 200;

  private static ShownExample example(int index, int classes) {
    return new ShownExample("photos/" + index + ".jpg", index * 7 % classes);
  }

  private static List<ShownExample> chosen(int classes, List<Integer> order, int parts) {
    List<ShownExamples> all = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      all.add(new ShownExamples(classes));
    }
    for (int index : order) {
      ShownExample example = example(index, classes);
      all.get(index % parts).add(example.origin(), example.label());
    }
    ShownExamples merged = new ShownExamples(classes);
    all.forEach(merged::merge);
    return merged.chosen();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 10, 1000})
  void areTheSameInWhateverOrderAndPartsTheSetGoesBy(int classes) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, EXAMPLES).boxed().toList());
    List<ShownExample> expected = chosen(classes, order, 1);
    assertThat(expected).hasSize(ShownExamples.MOST).doesNotHaveDuplicates();
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(order, new Random(seed));
      assertThat(chosen(classes, order, 1 + seed % 7)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 10, 100})
  void areOfFourClassesWhereThereAre(int classes) {
    List<Integer> labels =
        chosen(classes, IntStream.range(0, EXAMPLES).boxed().toList(), 3).stream()
            .map(ShownExample::label)
            .toList();
    assertThat(labels).hasSize(4).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void areOfEveryClassWhereThereAreFewer() {
    List<Integer> order = IntStream.range(0, EXAMPLES).boxed().toList();
    assertThat(chosen(2, order, 3)).extracting(ShownExample::label).containsExactly(0, 0, 1, 1);
    Set<Integer> ofThree =
        chosen(3, order, 3).stream().map(ShownExample::label).collect(Collectors.toSet());
    assertThat(ofThree).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void areThoseThatThereAreOfASmallSet() {
    assertThat(chosen(10, List.of(), 2)).isEmpty();
    assertThat(chosen(10, List.of(3, 5), 2)).containsExactly(example(3, 10), example(5, 10));
  }

  @Test
  void anImageThatIsListedTwiceIsShownOnce() {
    ShownExamples examples = new ShownExamples(2);
    for (int i = 0; i < 3; i++) {
      examples.add("twice", 1);
    }
    assertThat(examples.chosen()).containsExactly(new ShownExample("twice", 1));
  }

  @Test
  void areChosenWhileASetIsEvaluated() {
    EvaluationCounts counts = new EvaluationCounts(4, false);
    ShownExample example = example(0, 4);
    counts.add(
        example.label(),
        new float[] {1, 0, 0, 0},
        0,
        new EvaluationCounts.Example() {
          @Override
          public String origin() {
            return example.origin();
          }

          @Override
          public SmallPicture picture() {
            throw new IllegalStateException("It is no mistake");
          }
        });
    assertThat(Evaluation.of(counts, Collections.nCopies(4, "class")).shown())
        .containsExactly(example);
  }
}
