package dev.tessera.network;

import dev.tessera.network.Padding.Axis;

/** The arithmetic that convolution and pooling share. */
final class Windows {
  private Windows() {}

  static Shape.Image picture(Shape input, String what) {
    if (input instanceof Shape.Image image) {
      return image;
    }
    throw new NetworkException(
        NetworkException.WHOLE_NETWORK,
        "",
        what
            + " needs a picture (height x width x channels) but gets a flat list of "
            + input.size()
            + " values. A flatten, dense or globalPool before it has removed height and width. Move it before that layer.");
  }

  /** Rows (or columns) of the input that a dilated window spans. */
  static int reach(int window, int dilation) {
    return Math.addExact(Math.multiplyExact(dilation, window - 1), 1);
  }

  static Shape.Image slide(
      Shape.Image input,
      Extent window,
      Extent stride,
      Extent dilation,
      Padding padding,
      int channels,
      String component) {
    int verticalPadding =
        padding
            .along(
                Axis.VERTICAL, input.height(), window.height(), stride.height(), dilation.height())
            .total();
    int horizontalPadding =
        padding
            .along(Axis.HORIZONTAL, input.width(), window.width(), stride.width(), dilation.width())
            .total();
    int paddedHeight = Math.addExact(input.height(), verticalPadding);
    int paddedWidth = Math.addExact(input.width(), horizontalPadding);
    int reachHeight = reach(window.height(), dilation.height());
    int reachWidth = reach(window.width(), dilation.width());
    if (reachHeight > paddedHeight || reachWidth > paddedWidth) {
      String dilated =
          dilation.equals(Extent.ONE)
              ? ""
              : " (" + reachHeight + " x " + reachWidth + " with its dilation of " + dilation + ")";
      int mostHeight = (paddedHeight - 1) / dilation.height() + 1;
      int mostWidth = (paddedWidth - 1) / dilation.width() + 1;
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          component,
          component
              + " = "
              + window
              + dilated
              + " does not fit its input of "
              + input
              + " (height x width x channels). With padding = "
              + padding
              + " a window may not be larger than the picture. Use at most "
              + (mostHeight == mostWidth ? mostHeight : mostHeight + " x " + mostWidth)
              + ", or set padding = same.");
    }
    return new Shape.Image(
        (paddedHeight - reachHeight) / stride.height() + 1,
        (paddedWidth - reachWidth) / stride.width() + 1,
        channels);
  }
}
