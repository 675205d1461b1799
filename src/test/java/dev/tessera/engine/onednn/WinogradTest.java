package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    assertThat(dot(made, points)).isNotZero().isCloseTo(dot(rows, back), within(1e-4));

    float[][] four = arrays(4, LENGTH);
    float[][] result = new float[4][LENGTH];
    Winograd.toRows(points, result, LENGTH);
    Winograd.rowGradients(four, back, LENGTH);
    assertThat(dot(result, four)).isNotZero().isCloseTo(dot(points, back), within(1e-4));

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
}
