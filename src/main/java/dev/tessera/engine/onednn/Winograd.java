package dev.tessera.engine.onednn;

/**
 * The arithmetic of convolutions with three rows by half of the multiplications: Winograd's minimal
 * filtering F(4, 3) along the height.
 *
 * <p>Four rows of a result depend on six rows of the picture. Seen as polynomials, they are
 * products that six points determine: 0, 1, -1, 2, -2 and infinity. So six rows become their values
 * at six points, the kernel's three rows become six too, point is multiplied by point, and the four
 * rows follow from the products: six multiplications instead of twelve. (S. Winograd, Arithmetic
 * Complexity of Computations, 1980; A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural
 * Networks, 2015, arXiv:1509.09308, whose matrices these are: B and its transpose here for the
 * picture, G for the kernel, A for the result.)
 *
 * <p>Rows are arrays whose values don't touch each other. A loop writes two arrays at most: the JVM
 * makes vector instructions of that, and of no more.
 */
final class Winograd {
  /** Rows of the kernel. */
  static final int TAPS = 3;

  /** Rows of the result in a tile. */
  static final int ROWS = 4;

  /** Products of a tile, and rows of the picture that it reads: {@code ROWS + TAPS - 1}. */
  static final int POINTS = 6;

  /**
   * The point at which every row of a result counts once: 1. What is added there is added to all.
   */
  static final int POINT_OF_BIAS = 1;

  private static final float SIXTH = 1f / 6;
  private static final float TWELFTH = 1f / 12;
  private static final float TWENTYFOURTH = 1f / 24;

  private Winograd() {}

  /** How many tiles give so many rows; the last one may give more. */
  static int tiles(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  /** Six rows of a picture to six points: the transpose of B. */
  static void toPoints(float[][] rows, float[][] points, int length) {
    ends(rows[0], rows[2], rows[4], points[0], length);
    ends(rows[1], rows[3], rows[5], points[5], length);
    ones(rows[1], rows[2], rows[3], rows[4], points[1], points[2], length);
    twos(rows[1], rows[2], rows[3], rows[4], points[3], points[4], length);
  }

  private static void ends(float[] a, float[] b, float[] c, float[] end, int length) {
    for (int i = 0; i < length; i++) {
      end[i] = 4 * a[i] - 5 * b[i] + c[i];
    }
  }

  private static void ones(
      float[] r1, float[] r2, float[] r3, float[] r4, float[] plus, float[] minus, int length) {
    for (int i = 0; i < length; i++) {
      float even = r4[i] - 4 * r2[i];
      float odd = r3[i] - 4 * r1[i];
      plus[i] = even + odd;
      minus[i] = even - odd;
    }
  }

  private static void twos(
      float[] r1, float[] r2, float[] r3, float[] r4, float[] plus, float[] minus, int length) {
    for (int i = 0; i < length; i++) {
      float even = r4[i] - r2[i];
      float odd = 2 * (r3[i] - r1[i]);
      plus[i] = even + odd;
      minus[i] = even - odd;
    }
  }

  /** Six products to four rows of the result: the transpose of A. */
  static void toRows(float[][] points, float[][] rows, int length) {
    evenRows(points, rows[0], rows[2], length);
    oddRows(points, rows[1], rows[3], length);
  }

  private static void evenRows(float[][] points, float[] r0, float[] r2, int length) {
    float[] p0 = points[0];
    float[] p1 = points[1];
    float[] p2 = points[2];
    float[] p3 = points[3];
    float[] p4 = points[4];
    for (int i = 0; i < length; i++) {
      float ones = p1[i] + p2[i];
      float twos = p3[i] + p4[i];
      r0[i] = p0[i] + ones + twos;
      r2[i] = ones + 4 * twos;
    }
  }

  private static void oddRows(float[][] points, float[] r1, float[] r3, int length) {
    float[] p1 = points[1];
    float[] p2 = points[2];
    float[] p3 = points[3];
    float[] p4 = points[4];
    float[] p5 = points[5];
    for (int i = 0; i < length; i++) {
      float ones = p1[i] - p2[i];
      float twos = 2 * (p3[i] - p4[i]);
      r1[i] = ones + twos;
      r3[i] = p5[i] + ones + 4 * twos;
    }
  }

  /** The gradient of four rows of the result to that of six products: A. */
  static void rowGradients(float[][] rows, float[][] points, int length) {
    System.arraycopy(rows[0], 0, points[0], 0, length);
    System.arraycopy(rows[3], 0, points[5], 0, length);
    powers(rows, 1, points[1], points[2], length);
    powers(rows, 2, points[3], points[4], length);
  }

  private static void powers(float[][] rows, float point, float[] plus, float[] minus, int length) {
    float[] r0 = rows[0];
    float[] r1 = rows[1];
    float[] r2 = rows[2];
    float[] r3 = rows[3];
    float square = point * point;
    float cube = square * point;
    for (int i = 0; i < length; i++) {
      float even = r0[i] + square * r2[i];
      float odd = point * r1[i] + cube * r3[i];
      plus[i] = even + odd;
      minus[i] = even - odd;
    }
  }

  /** The gradient of six points to that of the six rows of the picture they came from: B. */
  static void pointGradients(float[][] points, float[][] rows, int length) {
    evenGradients(points, rows[2], rows[4], length);
    oddGradients(points, rows[1], rows[3], length);
    float[] first = rows[0];
    float[] zero = points[0];
    for (int i = 0; i < length; i++) {
      first[i] = 4 * zero[i];
    }
    System.arraycopy(points[5], 0, rows[5], 0, length);
  }

  private static void evenGradients(float[][] points, float[] r2, float[] r4, int length) {
    float[] p0 = points[0];
    float[] p1 = points[1];
    float[] p2 = points[2];
    float[] p3 = points[3];
    float[] p4 = points[4];
    for (int i = 0; i < length; i++) {
      float ones = p1[i] + p2[i];
      float twos = p3[i] + p4[i];
      r2[i] = -5 * p0[i] - 4 * ones - twos;
      r4[i] = p0[i] + ones + twos;
    }
  }

  private static void oddGradients(float[][] points, float[] r1, float[] r3, int length) {
    float[] p1 = points[1];
    float[] p2 = points[2];
    float[] p3 = points[3];
    float[] p4 = points[4];
    float[] p5 = points[5];
    for (int i = 0; i < length; i++) {
      float ones = p1[i] - p2[i] - p5[i];
      float twos = 2 * (p3[i] - p4[i]);
      r1[i] = -4 * ones - twos;
      r3[i] = ones + twos - 4 * p5[i];
    }
  }

  /**
   * The three rows of kernels to six points: G.
   *
   * @param kernels {@code count} kernels one after the other, each three rows of {@code width}
   * @param points each {@code count} rows of {@code width}
   */
  static void kernelPoints(float[] kernels, float[][] points, int count, int width) {
    for (int kernel = 0; kernel < count; kernel++) {
      int from = kernel * TAPS * width;
      int to = kernel * width;
      for (int i = 0; i < width; i++) {
        float g0 = kernels[from + i];
        float g1 = kernels[from + width + i];
        float g2 = kernels[from + 2 * width + i];
        float ones = -SIXTH * (g0 + g2);
        float twos = TWENTYFOURTH * g0 + SIXTH * g2;
        points[0][to + i] = 0.25f * g0;
        points[1][to + i] = ones - SIXTH * g1;
        points[2][to + i] = ones + SIXTH * g1;
        points[3][to + i] = twos + TWELFTH * g1;
        points[4][to + i] = twos - TWELFTH * g1;
        points[5][to + i] = g2;
      }
    }
  }

  /** The gradient of {@link #kernelPoints} to that of the kernels: the transpose of G. */
  static void kernelGradients(float[][] points, float[] kernels, int count, int width) {
    for (int kernel = 0; kernel < count; kernel++) {
      int from = kernel * width;
      int to = kernel * TAPS * width;
      for (int i = 0; i < width; i++) {
        float ones = -SIXTH * (points[1][from + i] + points[2][from + i]);
        float twos = points[3][from + i] + points[4][from + i];
        kernels[to + i] = 0.25f * points[0][from + i] + ones + TWENTYFOURTH * twos;
        kernels[to + width + i] =
            SIXTH * (points[2][from + i] - points[1][from + i])
                + TWELFTH * (points[3][from + i] - points[4][from + i]);
        kernels[to + 2 * width + i] = ones + SIXTH * twos + points[5][from + i];
      }
    }
  }
}
