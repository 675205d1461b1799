package dev.tessera.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.image.Minibatch;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixingTest {
  private static final Shape.Image SHAPE = new Shape.Image(2, 3, 1);

  private static Minibatch three() {
    return Pictures.minibatch(
        SHAPE,
        new byte[] {0, 0, 0, 0, 0, 0},
        new byte[] {100, 100, 100, 100, 100, 100},
        new byte[] {(byte) 200, (byte) 200, (byte) 200, (byte) 200, (byte) 200, (byte) 255});
  }

  @Test
  void mixupBlendsEveryExampleWithTheOneBefore() {
    Minibatch minibatch = three();
    new Mixing(Settings.mixing(1, 0), SHAPE).mixup(minibatch, 0.25);
    // 0.25 x 255 = 63.75; 0.75 x 200 + 25 = 175; 0.75 x 255 + 25 = 216.25
    assertThat(Pictures.hex(Pictures.of(minibatch, 0))).isEqualTo("323232323240");
    assertThat(Pictures.hex(Pictures.of(minibatch, 1))).isEqualTo("4b4b4b4b4b4b");
    assertThat(Pictures.hex(Pictures.of(minibatch, 2))).isEqualTo("afafafafafd8");
    for (int example = 0; example < 3; example++) {
      assertThat(minibatch.labels()[example]).isEqualTo(example);
      assertThat(minibatch.otherLabel(example)).isEqualTo((example + 2) % 3);
      assertThat(minibatch.otherShare(example)).isEqualTo(0.25);
    }
  }

  @Test
  void cutmixTakesARectangleFromTheOneBefore() {
    Minibatch minibatch = three();
    new Mixing(Settings.mixing(0, 1), SHAPE).cutmix(minibatch, 0, 1, 2, 3);
    assertThat(Pictures.hex(Pictures.of(minibatch, 0))).isEqualTo("00c8c800c8ff");
    assertThat(Pictures.hex(Pictures.of(minibatch, 1))).isEqualTo("640000640000");
    assertThat(Pictures.hex(Pictures.of(minibatch, 2))).isEqualTo("c86464c86464");
    assertThat(minibatch.otherShare(1)).isEqualTo(4 / 6.0);
  }

  @Test
  void cutmixSharesAreTheRectanglesPartOfTheArea() {
    Shape.Image shape = new Shape.Image(16, 20, 1);
    double sum = 0;
    for (int key = 0; key < 1000; key++) {
      Minibatch minibatch =
          Pictures.minibatch(shape, new byte[shape.size()], Pictures.even(shape, 1));
      new Augmenter(Settings.mixing(0, 1), shape).apply(minibatch, key);
      int taken = 0;
      for (byte value : Pictures.of(minibatch, 0)) {
        taken += value;
      }
      assertThat(minibatch.otherShare(0)).isEqualTo(taken / 320.0);
      sum += minibatch.otherShare(0);
    }
    // of a uniform share, but for what lies beside the picture
    assertThat(sum / 1000).isBetween(0.25, 0.45);
  }

  @Test
  void besideEachOtherEachHasHalfOfTheMinibatches() {
    Shape.Image shape = new Shape.Image(8, 8, 1);
    int blended = 0;
    for (int key = 0; key < 1000; key++) {
      Minibatch minibatch =
          Pictures.minibatch(shape, new byte[shape.size()], Pictures.even(shape, 200));
      new Augmenter(Settings.mixing(5, 5), shape).apply(minibatch, key);
      int corner = minibatch.pixels()[0] & 0xff;
      blended += corner > 0 && corner < 200 ? 1 : 0;
    }
    assertThat(blended / 1000.0).isCloseTo(0.5, within(0.06));
  }

  @Test
  void aMinibatchOfOneHasNothingToMixWith() {
    Minibatch minibatch = Pictures.random(SHAPE, 1);
    byte[] before = minibatch.pixels().clone();
    new Augmenter(Settings.mixing(1, 1), SHAPE).apply(minibatch, 1);
    assertThat(minibatch.pixels()).isEqualTo(before);
    assertThat(minibatch.isMixed()).isFalse();
  }

  @Test
  void aFilledAgainMinibatchIsMixedNoLonger() {
    Minibatch minibatch = three();
    new Augmenter(Settings.mixing(1, 0), SHAPE).apply(minibatch, 1);
    assertThat(minibatch.isMixed()).isTrue();
    minibatch.clear();
    assertThat(minibatch.isMixed()).isFalse();
    assertThat(minibatch.otherShare(0)).isZero();
  }

  /** Of the symmetric beta distribution: mean 1/2, variance 1 / (4 (2 alpha + 1)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 1, 3, 50})
  void sharesHaveTheMomentsOfTheirDistribution(double alpha) {
    int draws = 20_000;
    RandomStream random = RandomStream.of(9, Purpose.AUGMENTATION);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      double share = Beta.draw(alpha, random);
      assertThat(share).isBetween(0.0, 1.0);
      sum += share;
      squares += (share - 0.5) * (share - 0.5);
    }
    double variance = 1 / (4 * (2 * alpha + 1));
    assertThat(sum / draws).isCloseTo(0.5, within(5 * Math.sqrt(variance / draws)));
    assertThat(squares / draws / variance).isCloseTo(1, within(0.05));
  }
}
