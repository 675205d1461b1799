package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitTest {

  @Test
  void givesEachSideItsFraction() {
    Split split = new Split(Sets.SEED, 0.2, 0.1);
    Map<Split.Side, Integer> counts = new EnumMap<>(Split.Side.class);
    for (int i = 0; i < 100_000; i++) {
      counts.merge(split.side("cat/" + i + ".jpg"), 1, Integer::sum);
    }
    // Six standard deviations of a binomial of 100,000 are below 800.
    assertThat(counts.get(Split.Side.TEST)).isCloseTo(20_000, within(800));
    assertThat(counts.get(Split.Side.VALIDATION)).isCloseTo(10_000, within(800));
    assertThat(counts.get(Split.Side.TRAIN)).isCloseTo(70_000, within(800));
  }

  @Test
  void givesEachSideItsFractionOfEveryClassWhateverItsSize() {
    Split split = new Split(Sets.SEED, 0.2, 0.1);
    for (int size : new int[] {300, 3000, 30_000}) {
      for (String name : List.of("cat", "dog", "a much longer name", "7")) {
        Map<Split.Side, Integer> counts = new EnumMap<>(Split.Side.class);
        for (int i = 0; i < size; i++) {
          counts.merge(split.side(name + "/" + i + ".jpg"), 1, Integer::sum);
        }
        // Five standard deviations of a binomial: a draw by itself for every image is stratified
        // as far as images may not depend on each other.
        assertThat((double) counts.getOrDefault(Split.Side.TEST, 0))
            .as(name + ", test")
            .isCloseTo(0.2 * size, within(5 * Math.sqrt(size * 0.2 * 0.8)));
        assertThat((double) counts.getOrDefault(Split.Side.VALIDATION, 0))
            .as(name + ", validation")
            .isCloseTo(0.1 * size, within(5 * Math.sqrt(size * 0.1 * 0.9)));
      }
    }
  }

  @Test
  void keepsTheSidesWhenOthersComeAndGo() {
    Split split = new Split(Sets.SEED, 0.2, 0.1);
    Map<String, Split.Side> before = new HashMap<>();
    for (int i = 0; i < 1000; i += 3) {
      before.put("cat/" + i + ".jpg", split.side("cat/" + i + ".jpg"));
    }
    Split later = new Split(Sets.SEED, 0.2, 0.1);
    for (int i = 999; i >= 0; i--) {
      Split.Side side = later.side("cat/" + i + ".jpg");
      Split.Side known = before.get("cat/" + i + ".jpg");
      assertThat(known == null || known == side).isTrue();
    }
  }

  @Test
  void growsTheTestSideWithoutTakingFromIt() {
    Split small = new Split(Sets.SEED, 0.1, 0);
    Split large = new Split(Sets.SEED, 0.2, 0);
    for (int i = 0; i < 1000; i++) {
      if (small.side("x" + i) == Split.Side.TEST) {
        assertThat(large.side("x" + i)).isEqualTo(Split.Side.TEST);
      }
    }
  }

  @Test
  void dependsOnTheSeed() {
    Split one = new Split(1, 0.5, 0);
    Split two = new Split(2, 0.5, 0);
    assertThat(java.util.stream.IntStream.range(0, 100).mapToObj(i -> "x" + i))
        .anyMatch(origin -> one.side(origin) != two.side(origin));
  }

  @Test
  void holdsOutNothingAtZero() {
    Split none = new Split(Sets.SEED, 0, 0);
    for (int i = 0; i < 1000; i++) {
      assertThat(none.side("x" + i)).isEqualTo(Split.Side.TRAIN);
    }
  }
}
