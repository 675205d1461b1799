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

  static Shape.Image slide(
      Shape.Image input,
      Extent window,
      Extent stride,
      Extent dilation,
      Padding padding,
      int channels,
      String component) {
    int height =
        slide(
            input,
            Axis.VERTICAL,
            input.height(),
            window.height(),
            stride.height(),
            dilation.height(),
            padding,
            window,
            component);
    int width =
        slide(
            input,
            Axis.HORIZONTAL,
            input.width(),
            window.width(),
            stride.width(),
            dilation.width(),
            padding,
            window,
            component);
    return new Shape.Image(height, width, channels);
  }

  private static int slide(
      Shape.Image image,
      Axis axis,
      int input,
      int window,
      int stride,
      int dilation,
      Padding padding,
      Extent whole,
      String component) {
    int padded = input + padding.along(axis, input, window, stride, dilation).total();
    int reach = dilation * (window - 1) + 1;
    if (reach > padded) {
      String dilated =
          dilation == 1 ? "" : " (" + reach + " wide with its dilation of " + dilation + ")";
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          component,
          component
              + " = "
              + whole
              + dilated
              + " does not fit its input of "
              + image
              + " (height x width x channels). With padding = "
              + padding
              + " a window may not be larger than the picture. Use at most "
              + ((padded - 1) / dilation + 1)
              + ", or set padding = same.");
    }
    return (padded - reach) / stride + 1;
  }
}
