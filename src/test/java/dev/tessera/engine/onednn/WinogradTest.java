package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Random;
import org.junit.jupiter.api.Test;

class WinogradTest {
  /** Values of order 1 by factors up to 10, of which five are added. */
  private static final double TOLERANCE = 1e-5;

  private static final int LENGTH = 37;
  private final Random random = new Random(12);

  private float[][] arrays(int count, int length) {
    float[][] arrays = new float[count][length];
    for (float[] array : arrays) {
      for (int i = 0; i < length; i++) {
        array[i] = random.nextFloat() - 0.5f;
      }
    }
    return arrays;
  }

  private static double dot(float[][] a, float[][] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        sum += (double) a[i][j] * b[i][j];
      }
    }
    return sum;
  }

  @Test
  void productsAtSixPointsAreFourRowsOfAConvolutionWithThreeTaps() {
    float[][] picture = arrays(6, LENGTH);
    float[][] kernel = arrays(3, 1);
    float[][] points = new float[6][LENGTH];
    Winograd.toPoints(picture, points, LENGTH);
    float[][] weights = new float[6][1];
    Winograd.kernelPoints(new float[] {kernel[0][0], kernel[1][0], kernel[2][0]}, weights, 1, 1);
    for (int point = 0; point < 6; point++) {
      for (int i = 0; i < LENGTH; i++) {
        points[point][i] *= weights[point][0];
      }
    }
    float[][] rows = new float[6][LENGTH];
    Winograd.toRows(points, rows, LENGTH);
    for (int row = 0; row < 4; row++) {
      for (int i = 0; i < LENGTH; i++) {
        double direct = 0;
        for (int tap = 0; tap < 3; tap++) {
          direct += (double) kernel[tap][0] * picture[row + tap][i];
        }
        assertThat((double) rows[row][i]).isCloseTo(direct, within(TOLERANCE));
      }
    }
  }

  /** {@code <M x, y> = <x, M' y>}: the gradient of a linear map is its transpose. */
  @Test
  void theWaysBackAreTheTransposesOfTheWaysThere() {
    float[][] rows = arrays(6, LENGTH);
    float[][] points = arrays(6, LENGTH);
    float[][] made = new float[6][LENGTH];
    float[][] back = new float[6][LENGTH];
    Winograd.toPoints(rows, made, LENGTH);
    Winograd.pointGradients(points, back, LENGTH);
    assertThat(dot(made, points)).isNotZero().isCloseTo(dot(rows, back), within(1e-3));

    float[][] four = arrays(4, LENGTH);
    float[][] result = new float[4][LENGTH];
    Winograd.toRows(points, result, LENGTH);
    Winograd.rowGradients(four, back, LENGTH);
    assertThat(dot(result, four)).isNotZero().isCloseTo(dot(points, back), within(1e-3));

    int kernels = 4;
    int width = 5;
    float[][] kernel = arrays(1, kernels * 3 * width);
    float[][] weights = new float[6][kernels * width];
    float[][] gradients = arrays(6, kernels * width);
    float[][] kernelGradient = new float[1][kernels * 3 * width];
    Winograd.kernelPoints(kernel[0], weights, kernels, width);
    Winograd.kernelGradients(gradients, kernelGradient[0], kernels, width);
    assertThat(dot(weights, gradients))
        .isNotZero()
        .isCloseTo(dot(kernel, kernelGradient), within(1e-4));
  }

  @Test
  void whatIsAddedAtThePointOfBiasesIsAddedToEveryRow() {
    float[][] points = new float[6][1];
    points[Winograd.POINT_OF_BIAS][0] = 3;
    float[][] rows = new float[4][1];
    Winograd.toRows(points, rows, 1);
    assertThat(rows).isDeepEqualTo(new float[][] {{3}, {3}, {3}, {3}});
  }

  private static LayerPlan plan(Shape.Image input, Convolution convolution) {
    return NetworkSpec.chain(
            "custom",
            List.of(convolution, new Flatten(), Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
        .compile(input, 2)
        .layers()
        .get(0);
  }

  private static boolean pays(int height, int channels, int filters, int batch) {
    Shape.Image input = new Shape.Image(height, 16, channels);
    Convolution three = Convolution.of(filters, 3, Padding.SAME, Activation.RELU);
    return Winograd.pays(plan(input, three), batch, 1);
  }

  @Test
  void paysForThreeRowsOfEnoughChannelsAndPixels() {
    assertThat(pays(16, 32, 32, 64)).isTrue();
    assertThat(pays(16, 512, 512, 2)).isTrue();
    assertThat(pays(16, 3, 32, 64)).as("few channels").isFalse();
    assertThat(pays(16, 31, 32, 64)).as("few channels").isFalse();
    assertThat(pays(16, 24, 64, 64)).as("few channels beside many").isTrue();
    assertThat(pays(16, 16, 512, 64)).as("few channels beside many").isFalse();
    assertThat(pays(16, 32, 32, 1)).as("few pixels").isFalse();
    assertThat(pays(16, 32, 32, 2)).as("just enough pixels").isTrue();
  }

  @Test
  void paysForHeightsThatFillTheirTiles() {
    List<Integer> filled = List.of(3, 4, 6, 7, 8, 9, 10, 11, 12);
    for (int height = 1; height <= 12; height++) {
      assertThat(pays(height, 64, 64, 64))
          .as("height " + height)
          .isEqualTo(filled.contains(height));
    }
  }

  private static boolean pays(
      Extent kernel, Extent stride, Extent dilation, int groups, int threads) {
    Convolution convolution =
        new Convolution(
            64,
            kernel,
            stride,
            Padding.SAME,
            dilation,
            groups,
            Activation.RELU,
            true,
            Initialiser.HE_NORMAL);
    return Winograd.pays(plan(new Shape.Image(16, 16, 64), convolution), 64, threads);
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
    assertThat(pays(new Extent(1, 3), one, one, 1, 1)).as("one row").isFalse();
    assertThat(pays(Extent.square(5), one, one, 1, 1)).as("five rows").isFalse();
    assertThat(pays(three, one, one, 2, 1)).as("groups").isFalse();
  }

  /** Java counts no further in a tensor. */
  @Test
  void doesNotPayWherePointsWouldTakeMoreThanTwoGigabytes() {
    assertThat(pays(16, 64, 64, 21_000)).isTrue();
    assertThat(pays(16, 64, 64, 22_000)).isFalse();
  }
}
