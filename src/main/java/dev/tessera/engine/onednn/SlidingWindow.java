package dev.tessera.engine.onednn;

import dev.tessera.network.Convolution;
import dev.tessera.network.Extent;
import dev.tessera.network.Padding;
import dev.tessera.network.Padding.Axis;
import dev.tessera.network.Pooling;
import dev.tessera.network.Shape;

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

  private SlidingWindow(long[] size, long[] stride, long[] dilation, long[] before, long[] after) {
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
}
