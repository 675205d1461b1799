package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.network.Activation;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.Initialiser;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class WinogradChoiceTest {
  private static LayerPlan plan(Shape.Image input, Convolution convolution) {
    return NetworkSpec.chain(
            "custom",
            List.of(convolution, new Flatten(), Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
        .compile(input, 2)
        .layers()
        .get(0);
  }

  private static boolean pays(int side, int channels, int filters, int batch, boolean training) {
    Shape.Image input = new Shape.Image(side, side, channels);
    Convolution three = Convolution.of(filters, 3, Padding.SAME, Activation.RELU);
    return WinogradChoice.pays(plan(input, three), batch, 1, training);
  }

  private static boolean pays(int side, int channels, int filters, int batch) {
    return pays(side, channels, filters, batch, true);
  }

  @Test
  void paysForEnoughChannels() {
    assertThat(pays(16, 32, 32, 64)).isTrue();
    assertThat(pays(16, 24, 24, 64)).isTrue();
    assertThat(pays(16, 16, 64, 64)).isTrue();
    assertThat(pays(16, 16, 16, 64)).isFalse();
    assertThat(pays(16, 3, 32, 64)).isFalse();
  }

  @Test
  void paysInTrainingForMinibatchesWithMoreToSaveThanTheWaysOfWeightsTake() {
    assertThat(pays(8, 128, 128, 1)).isFalse();
    assertThat(pays(8, 128, 128, 4)).isTrue();
    assertThat(pays(7, 512, 512, 16)).as("gradients larger than the cache").isFalse();
    assertThat(pays(7, 512, 512, 64)).isTrue();
    assertThat(pays(7, 512, 512, 1, false)).as("weights that stay at the points").isTrue();
  }

  /** Multiplications for twelve of a direct convolution: 6 at 4 and 8 rows, 12 at 5. */
  @Test
  void paysForHeightsThatFillTheirTiles() {
    List<Integer> filled = List.of(4, 6, 7, 8, 9, 10, 11, 12);
    for (int height = 1; height <= 12; height++) {
      assertThat(pays(height, 64, 64, 64))
          .as("height " + height)
          .isEqualTo(filled.contains(height));
    }
    assertThat(pays(6, 32, 32, 64)).isFalse();
    assertThat(pays(7, 48, 48, 64)).isTrue();
  }

  private static boolean pays(
      Extent kernel, Extent stride, Extent dilation, int groups, int threads) {
    Convolution convolution =
        new Convolution(
            96,
            kernel,
            stride,
            Padding.SAME,
            dilation,
            groups,
            Activation.RELU,
            true,
            Initialiser.HE_NORMAL);
    return WinogradChoice.pays(plan(new Shape.Image(16, 16, 96), convolution), 64, threads, true);
  }

  @Test
  void paysForOrdinaryConvolutionsOfOneOrTwoThreads() {
    Extent three = Extent.square(3);
    Extent two = Extent.square(2);
    Extent one = Extent.ONE;
    assertThat(pays(three, one, one, 1, 1)).isTrue();
    assertThat(pays(three, one, one, 1, 2)).isTrue();
    assertThat(pays(three, one, one, 1, 3)).as("rows are taken to points by one").isFalse();
    assertThat(pays(new Extent(3, 1), one, one, 1, 1)).isTrue();
    assertThat(pays(three, one, new Extent(1, 2), 1, 1)).isTrue();
    assertThat(pays(three, one, two, 1, 1)).as("rows apart").isFalse();
    assertThat(pays(three, two, one, 1, 1)).as("stride").isFalse();
    assertThat(pays(new Extent(3, 5), one, one, 1, 1)).isTrue();
    assertThat(pays(new Extent(1, 3), one, one, 1, 1)).as("one row").isFalse();
    assertThat(pays(Extent.square(5), one, one, 1, 1)).as("five rows").isFalse();
    assertThat(pays(three, one, one, 2, 1)).as("groups").isFalse();
  }

  @Test
  void paysForColumnsAloneOnlyWithMoreChannels() {
    Convolution column =
        new Convolution(
            32,
            new Extent(3, 1),
            Extent.ONE,
            Padding.SAME,
            Extent.ONE,
            1,
            Activation.RELU,
            true,
            Initialiser.HE_NORMAL);
    LayerPlan layer = plan(new Shape.Image(16, 16, 32), column);
    assertThat(WinogradChoice.pays(layer, 64, 1, true)).isFalse();
  }

  /** Java counts no further in a tensor. */
  @Test
  void doesNotPayWhereThePointsOfOneExampleWouldTakeMoreThanTwoGigabytes() {
    Convolution three = Convolution.of(64, 3, Padding.SAME, Activation.RELU);
    LayerPlan below = plan(new Shape.Image(4, 1_390_000, 64), three);
    LayerPlan above = plan(new Shape.Image(4, 1_400_000, 64), three);
    assertThat(WinogradChoice.pays(below, 1, 1, true)).isTrue();
    assertThat(WinogradChoice.pays(above, 1, 1, true)).isFalse();
  }

  private static int together(int side, int channels, int filters, int batch, boolean training) {
    Convolution three = Convolution.of(filters, 3, Padding.SAME, Activation.RELU);
    LayerPlan layer = plan(new Shape.Image(side, side, channels), three);
    return WinogradChoice.together(layer, batch, training);
  }

  /** An example of the first has 6 x 8 x 32 x (32 + 32) floats at the points: 384 KB of 1 MB. */
  @Test
  void takesPiecesThatStayInTheCacheOrAreMuchLargerThanTheWeights() {
    assertThat(together(32, 32, 32, 32, false)).isEqualTo(2);
    assertThat(together(32, 32, 32, 1, false)).isEqualTo(1);
    assertThat(together(224, 32, 32, 8, false)).as("an example at least").isEqualTo(1);
    // 72 KB of weights at the points, sixteen times.
    assertThat(together(32, 32, 32, 48, true)).isEqualTo(3);
    // 576 KB and 72 KB an example.
    assertThat(together(8, 64, 128, 200, true)).isEqualTo(128);
    assertThat(together(8, 64, 128, 64, true)).isEqualTo(64);
    assertThat(together(32, 32, 32, 250, true)).as("sixteen pieces").isEqualTo(16);
  }

  private static int together(int side, int channels, boolean training) {
    Convolution three = Convolution.of(channels, 3, Padding.SAME, Activation.RELU);
    return WinogradChoice.together(
        plan(new Shape.Image(side, side, channels), three), 16, training);
  }

  /** Examples of 384 KB at the points with weights of 72 KB, and of 768 KB with 4.5 MB. */
  @Test
  void takesPiecesOfAMegabyteOrOfAsMuchAsTheirWeights() {
    assertThat(together(32, 32, false)).isEqualTo(2);
    assertThat(together(16, 256, false)).isEqualTo(6);
    assertThat(together(32, 32, true)).as("sixteen times the weights").isEqualTo(3);
    assertThat(together(16, 256, true)).as("all").isEqualTo(16);
  }
}
