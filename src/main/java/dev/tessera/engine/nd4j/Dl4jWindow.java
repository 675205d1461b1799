package dev.tessera.engine.nd4j;

import dev.tessera.network.Convolution;
import dev.tessera.network.Extent;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.Padding;
import dev.tessera.network.Padding.Axis;
import dev.tessera.network.Pooling;
import dev.tessera.network.Shape;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** A sliding window in DL4J's terms: which mode and how much padding gives our {@link Padding}. */
final class Dl4jWindow {
  private final Extent size;
  private final Extent stride;
  private final Extent dilation;
  private final boolean same;
  private final Side vertical;
  private final Side horizontal;

  private Dl4jWindow(LayerPlan plan, Extent size, Extent stride, Extent dilation, Padding padding) {
    Shape.Image input = (Shape.Image) plan.input();
    this.size = size;
    this.stride = stride;
    this.dilation = dilation;
    this.same = padding instanceof Padding.Same;
    this.vertical =
        Side.of(
            Axis.VERTICAL,
            padding,
            input.height(),
            size.height(),
            stride.height(),
            dilation.height());
    this.horizontal =
        Side.of(
            Axis.HORIZONTAL,
            padding,
            input.width(),
            size.width(),
            stride.width(),
            dilation.width());
  }

  static Dl4jWindow of(LayerPlan plan, Convolution layer) {
    return new Dl4jWindow(plan, layer.kernel(), layer.stride(), layer.dilation(), layer.padding());
  }

  static Dl4jWindow of(LayerPlan plan, Pooling layer) {
    return new Dl4jWindow(plan, layer.size(), layer.stride(), Extent.ONE, layer.padding());
  }

  /**
   * Whether DL4J can do it. Its one number a side can't say an odd rest, and its own `same` refuses
   * windows that leave out rows or columns because the stride is larger than the window.
   */
  boolean expressible() {
    return mode() == ConvolutionMode.Same || (vertical.even() && horizontal.even());
  }

  ConvolutionMode mode() {
    return same && vertical.covers() && horizontal.covers()
        ? ConvolutionMode.Same
        : ConvolutionMode.Truncate;
  }

  int[] size() {
    return pair(size);
  }

  int[] stride() {
    return pair(stride);
  }

  int[] dilation() {
    return pair(dilation);
  }

  /** Without effect under {@link ConvolutionMode#Same}. */
  int[] padding() {
    return mode() == ConvolutionMode.Same
        ? new int[] {0, 0}
        : new int[] {vertical.amount().before(), horizontal.amount().before()};
  }

  private static int[] pair(Extent extent) {
    return new int[] {extent.height(), extent.width()};
  }

  /**
   * @param covers whether the windows side by side reach over the whole input
   */
  private record Side(Padding.Amount amount, boolean covers) {
    static Side of(Axis axis, Padding padding, int input, int window, int stride, int dilation) {
      Padding.Amount amount = padding.along(axis, input, window, stride, dilation);
      int reach = dilation * (window - 1) + 1;
      int outputs = (input + amount.total() - reach) / stride + 1;
      return new Side(amount, (outputs - 1) * stride + reach >= input);
    }

    boolean even() {
      return amount.before() == amount.after();
    }
  }
}
