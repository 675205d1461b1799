package dev.tessera.engine;

import dev.tessera.network.Shape;

/** Activations of a minibatch in double: [examples, channels, height, width]. */
final class Tensor {
  private final int examples;
  private final int channels;
  private final int height;
  private final int width;
  private final double[] values;

  Tensor(int examples, int channels, int height, int width, double[] values) {
    this.examples = examples;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = values;
  }

  int examples() {
    return examples;
  }

  int channels() {
    return channels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  double[] values() {
    return values;
  }

  static Tensor zeros(int examples, Shape shape) {
    if (shape instanceof Shape.Image image) {
      return new Tensor(
          examples,
          image.channels(),
          image.height(),
          image.width(),
          new double[examples * shape.size()]);
    }
    return new Tensor(examples, shape.size(), 1, 1, new double[examples * shape.size()]);
  }

  int index(int n, int c, int y, int x) {
    return ((n * channels + c) * height + y) * width + x;
  }

  double at(int n, int c, int y, int x) {
    return values[index(n, c, y, x)];
  }

  boolean inside(int y, int x) {
    return y >= 0 && y < height && x >= 0 && x < width;
  }

  /** The value, or zero beyond the border. */
  double padded(int n, int c, int y, int x) {
    return inside(y, x) ? at(n, c, y, x) : 0;
  }

  void set(int n, int c, int y, int x, double value) {
    values[index(n, c, y, x)] = value;
  }

  /** The same values as a list of features an example, channel after channel. */
  Tensor flat() {
    return new Tensor(examples, channels * height * width, 1, 1, values);
  }
}
