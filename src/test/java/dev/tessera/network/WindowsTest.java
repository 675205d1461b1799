package dev.tessera.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import org.junit.jupiter.api.Test;

/** Shape inference of convolution and pooling against a slow count of window positions. */
class WindowsTest {
  private static final long SEED = 20_261;
  private static final int CASES = 20_000;

  @Test
  void outputHasOnePlaceForEveryWindowPosition() {
    System.out.println("seed " + SEED);
    RandomStream random = RandomStream.of(SEED, Purpose.AUGMENTATION);
    int fitting = 0;
    for (int i = 0; i < CASES; i++) {
      Shape.Image input =
          new Shape.Image(1 + random.nextInt(20), 1 + random.nextInt(20), 1 + random.nextInt(4));
      Extent kernel = extent(random, 7);
      Extent stride = extent(random, 5);
      Extent dilation = extent(random, 3);
      Padding padding = padding(random);
      Convolution layer =
          new Convolution(
              5,
              kernel,
              stride,
              padding,
              dilation,
              1,
              Activation.RELU,
              true,
              Initialiser.GLOROT_UNIFORM);
      int rows =
          positions(
              input.height(),
              kernel.height(),
              stride.height(),
              dilation.height(),
              padding,
              Padding.Axis.VERTICAL);
      int columns =
          positions(
              input.width(),
              kernel.width(),
              stride.width(),
              dilation.width(),
              padding,
              Padding.Axis.HORIZONTAL);
      if (rows == 0 || columns == 0) {
        assertThatThrownBy(() -> layer.outputShape(input))
            .as("case %d: %s of %s", i, layer, input)
            .isInstanceOf(NetworkException.class);
      } else {
        fitting++;
        assertThat(layer.outputShape(input))
            .as("case %d: %s of %s", i, layer, input)
            .isEqualTo(new Shape.Image(rows, columns, 5));
      }
    }
    assertThat(fitting).isGreaterThan(CASES / 2).isLessThan(CASES);
  }

  /** Slides a window over one axis and counts, by what each padding means. */
  private static int positions(
      int input, int window, int stride, int dilation, Padding padding, Padding.Axis axis) {
    int reach = 1;
    for (int i = 1; i < window; i++) {
      reach += dilation;
    }
    int count = 0;
    if (padding.equals(Padding.SAME)) {
      for (int center = 0; center < input; center += stride) {
        count++;
      }
      return count;
    }
    int start = 0;
    int end = input;
    if (padding.equals(Padding.FULL)) {
      start = -(reach - 1);
      end = input + reach - 1;
    } else if (padding instanceof Padding.Explicit explicit) {
      int amount = axis == Padding.Axis.VERTICAL ? explicit.rows() : explicit.columns();
      start = -amount;
      end = input + amount;
    }
    for (int first = start; first + reach <= end; first += stride) {
      count++;
    }
    return count;
  }

  private static Extent extent(RandomStream random, int most) {
    return new Extent(1 + random.nextInt(most), 1 + random.nextInt(most));
  }

  private static Padding padding(RandomStream random) {
    return switch (random.nextInt(4)) {
      case 0 -> Padding.VALID;
      case 1 -> Padding.SAME;
      case 2 -> Padding.FULL;
      default -> new Padding.Explicit(random.nextInt(4), random.nextInt(4));
    };
  }

  @Test
  void samePadsTheLeastThatIsEnoughAndAnOddRestAtTheEnd() {
    for (int input = 1; input <= 30; input++) {
      for (int window = 1; window <= 7; window++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int dilation = 1; dilation <= 3; dilation++) {
            Padding.Amount amount =
                Padding.SAME.along(Padding.Axis.VERTICAL, input, window, stride, dilation);
            int outputs = (int) Math.ceil((double) input / stride);
            int lastRow = (outputs - 1) * stride + dilation * (window - 1);
            assertThat(amount.total()).isEqualTo(Math.max(0, lastRow - (input - 1)));
            assertThat(amount.after() - amount.before()).isBetween(0, 1);
          }
        }
      }
    }
  }

  @Test
  void poolingCountsWindowsLikeConvolution() {
    Shape.Image input = new Shape.Image(7, 10, 6);
    assertThat(Pooling.of(PoolingKind.MAX, 2).outputShape(input))
        .isEqualTo(new Shape.Image(3, 5, 6));
    assertThat(
            new Pooling(PoolingKind.AVERAGE, new Extent(3, 2), new Extent(2, 3), Padding.SAME)
                .outputShape(input))
        .isEqualTo(new Shape.Image(4, 4, 6));
    assertThat(
            new Pooling(
                    PoolingKind.MAX, Extent.square(3), Extent.square(2), new Padding.Explicit(1, 2))
                .outputShape(input))
        .isEqualTo(new Shape.Image(4, 6, 6));
  }

  @Test
  void rejectsKernelLargerThanInput() {
    Convolution layer = Convolution.of(16, 7, Padding.VALID, Activation.RELU);
    assertThatThrownBy(() -> layer.outputShape(new Shape.Image(5, 5, 16)))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "kernel = 7 x 7 does not fit its input of 5 x 5 x 16 (height x width x channels)."
                + " With padding = valid a window may not be larger than the picture."
                + " Use at most 5, or set padding = same.");
  }

  @Test
  void advisesAKernelThatFitsBothSides() {
    Convolution layer = Convolution.of(16, 7, Padding.VALID, Activation.RELU);
    assertThatThrownBy(() -> layer.outputShape(new Shape.Image(5, 3, 16)))
        .hasMessage(
            "kernel = 7 x 7 does not fit its input of 5 x 3 x 16 (height x width x channels)."
                + " With padding = valid a window may not be larger than the picture."
                + " Use at most 5 x 3, or set padding = same.");
  }

  @Test
  void rejectsDilatedKernelThatReachesTooFar() {
    Convolution layer =
        new Convolution(
            1,
            Extent.square(3),
            Extent.ONE,
            new Padding.Explicit(1, 1),
            Extent.square(4),
            1,
            Activation.RELU,
            true,
            Initialiser.HE_NORMAL);
    assertThatThrownBy(() -> layer.outputShape(new Shape.Image(6, 6, 1)))
        .hasMessage(
            "kernel = 3 x 3 (9 x 9 with its dilation of 4 x 4) does not fit its input of"
                + " 6 x 6 x 1 (height x width x channels). With padding = 1 x 1 a window may not be"
                + " larger than the picture. Use at most 2, or set padding = same.");
  }

  @Test
  void rejectsPoolLargerThanInput() {
    assertThatThrownBy(() -> Pooling.of(PoolingKind.MAX, 2).outputShape(new Shape.Image(1, 1, 64)))
        .isInstanceOfSatisfying(
            NetworkException.class,
            e -> {
              assertThat(e.layer()).isEqualTo(NetworkException.WHOLE_NETWORK);
              assertThat(e.component()).isEqualTo("size");
            })
        .hasMessage(
            "size = 2 x 2 does not fit its input of 1 x 1 x 64 (height x width x channels)."
                + " With padding = valid a window may not be larger than the picture."
                + " Use at most 1, or set padding = same.");
  }

  @Test
  void rejectsPoolingWindowsThatSeeOnlyPadding() {
    Pooling layer =
        new Pooling(
            PoolingKind.AVERAGE, Extent.square(2), Extent.square(2), new Padding.Explicit(1, 2));
    assertThatThrownBy(() -> layer.outputShape(new Shape.Image(8, 8, 3)))
        .isInstanceOfSatisfying(
            NetworkException.class, e -> assertThat(e.component()).isEqualTo("padding"))
        .hasMessage(
            "padding = 1 x 2 leaves windows of size = 2 x 2 that see nothing of the picture."
                + " Pad by less than the size, or set padding = same.");
  }

  @Test
  void sizesBeyondAnIntDoNotWrapAround() {
    Convolution layer =
        new Convolution(
            1,
            new Extent(3, 1),
            Extent.ONE,
            Padding.VALID,
            new Extent(Integer.MAX_VALUE, 1),
            1,
            Activation.RELU,
            true,
            Initialiser.HE_NORMAL);
    assertThatThrownBy(() -> layer.outputShape(new Shape.Image(8, 8, 1)))
        .isInstanceOf(ArithmeticException.class);
    Convolution padded =
        Convolution.of(
            1, 3, new Padding.Explicit(Integer.MAX_VALUE, Integer.MAX_VALUE), Activation.RELU);
    assertThatThrownBy(() -> padded.outputShape(new Shape.Image(8, 8, 1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(
            () -> new ZeroPadding(Integer.MAX_VALUE, 1, 0, 0).outputShape(new Shape.Image(8, 8, 1)))
        .isInstanceOf(ArithmeticException.class);
  }
}
