package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_next_impl;

import dev.tessera.network.Convolution;
import dev.tessera.network.Extent;
import dev.tessera.network.Padding;
import dev.tessera.network.Padding.Axis;
import dev.tessera.network.Pooling;
import dev.tessera.network.Shape;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * A window in oneDNN's terms, each vertical then horizontal: dilation is 0 for a window without
 * gaps, {@code before} the padding at the top and left, {@code after} at the bottom and right.
 */
final class SlidingWindow {
  final long[] size;
  final long[] stride;
  final long[] dilation;
  final long[] before;
  final long[] after;

  /** Rows and columns of the picture. */
  private final long[] input;

  private SlidingWindow(
      long[] input, long[] size, long[] stride, long[] dilation, long[] before, long[] after) {
    this.input = input;
    this.size = size;
    this.stride = stride;
    this.dilation = dilation;
    this.before = before;
    this.after = after;
  }

  static SlidingWindow of(Convolution layer, Shape.Image input) {
    return of(layer.kernel(), layer.stride(), layer.dilation(), layer.padding(), input);
  }

  static SlidingWindow of(Pooling layer, Shape.Image input) {
    return of(layer.size(), layer.stride(), Extent.ONE, layer.padding(), input);
  }

  /** Its columns alone, as a window of one row over each of {@code rows}. */
  SlidingWindow ofOneRow(int rows) {
    return new SlidingWindow(
        new long[] {rows, input[1]},
        new long[] {1, size[1]},
        new long[] {1, stride[1]},
        new long[] {0, dilation[1]},
        new long[] {0, before[1]},
        new long[] {0, after[1]});
  }

  /** One window over the whole picture. */
  static SlidingWindow whole(Shape.Image input) {
    return of(
        new Extent(input.height(), input.width()), Extent.ONE, Extent.ONE, Padding.VALID, input);
  }

  private static SlidingWindow of(
      Extent size, Extent stride, Extent dilation, Padding padding, Shape.Image input) {
    Padding.Amount vertical =
        padding.along(
            Axis.VERTICAL, input.height(), size.height(), stride.height(), dilation.height());
    Padding.Amount horizontal =
        padding.along(
            Axis.HORIZONTAL, input.width(), size.width(), stride.width(), dilation.width());
    Side rows = side(input.height(), vertical, size.height(), stride.height(), dilation.height());
    Side columns = side(input.width(), horizontal, size.width(), stride.width(), dilation.width());
    return new SlidingWindow(
        Emission.pair(input.height(), input.width()),
        Emission.pair(size.height(), size.width()),
        Emission.pair(rows.stride, columns.stride),
        Emission.pair(dilation.height() - 1, dilation.width() - 1),
        Emission.pair(vertical.before(), horizontal.before()),
        Emission.pair(rows.after, columns.after));
  }

  /**
   * @param after as much as the last window reaches beyond the picture: negative where it doesn't
   *     reach its end
   */
  private record Side(int stride, int after) {}

  /**
   * Where there is but one window, the stride has no meaning and becomes the smallest that oneDNN
   * takes: more than what the window leaves over. With a longer one oneDNN 3.11 computes wrong
   * values: of one channel forward in inference, in bfloat16 the weights' gradient.
   */
  private static Side side(
      int input, Padding.Amount padding, int window, int stride, int dilation) {
    int reach = (window - 1) * dilation + 1;
    int outputs = (input + padding.total() - reach) / stride + 1;
    int after = (outputs - 1) * stride + reach - input - padding.before();
    return new Side(outputs > 1 ? stride : Math.max(1, 1 - after), after);
  }

  /**
   * Goes on to another implementation of a forward convolution where oneDNN 3.11's {@code
   * brg_conv_fwd} computes wrong values or ends the process: one column of windows with a stride
   * (of one channel), strides longer than the window, windows that see nothing of the picture.
   */
  void passOverWrong(dnnl_primitive_desc convolution, boolean training) {
    boolean oneColumn = outputs(1) == 1 && stride[1] > 1;
    if (!training && (oneColumn || leavesPixelsOut() || seesNothing())) {
      passOver(convolution, "brg_conv_fwd");
    }
  }

  /** Likewise its {@code jit_bf16} where the stride is longer than the picture is wide. */
  void passOverWrongWeightGradient(dnnl_primitive_desc convolution) {
    if (stride[1] > input[1]) {
      passOver(convolution, "jit_bf16:");
    }
  }

  private static void passOver(dnnl_primitive_desc description, String implementation) {
    while (Implementation.name(description).startsWith(implementation)) {
      OneDnn.check(dnnl_primitive_desc_next_impl(description), "find another " + implementation);
    }
  }

  private long outputs(int axis) {
    return (input[axis] + before[axis] + after[axis] - reach(axis)) / stride[axis] + 1;
  }

  private long reach(int axis) {
    return (size[axis] - 1) * (dilation[axis] + 1) + 1;
  }

  private boolean leavesPixelsOut() {
    boolean pixel = size[0] == 1 && size[1] == 1;
    return !pixel && (stride[0] > reach(0) || stride[1] > reach(1));
  }

  private boolean seesNothing() {
    return seesNothing(0) || seesNothing(1);
  }

  private boolean seesNothing(int axis) {
    for (long output = 0; output < outputs(axis); output++) {
      boolean sees = false;
      for (long i = 0; i < size[axis]; i++) {
        long at = output * stride[axis] - before[axis] + i * (dilation[axis] + 1);
        sees |= at >= 0 && at < input[axis];
      }
      if (!sees) {
        return true;
      }
    }
    return false;
  }
}
