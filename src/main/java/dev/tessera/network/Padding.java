package dev.tessera.network;

import java.io.Serializable;

/** What a window sees beyond the border of its input. Always zeros, and for max pooling nothing. */
public sealed interface Padding extends Serializable {
  Padding VALID = new Valid();
  Padding SAME = new Same();
  Padding FULL = new Full();

  /** Rows (or columns) of padding before and after an input of {@code input} along one axis. */
  Amount along(Axis axis, int input, int window, int stride, int dilation);

  /** The two directions of a picture. */
  enum Axis {
    VERTICAL,
    HORIZONTAL
  }

  /** Padding before the first and after the last row or column. */
  record Amount(int before, int after) implements Serializable {
    public int total() {
      return Math.addExact(before, after);
    }
  }

  /** No padding: the window stays inside the picture. */
  record Valid() implements Padding {
    @Override
    public Amount along(Axis axis, int input, int window, int stride, int dilation) {
      return new Amount(0, 0);
    }

    @Override
    public String toString() {
      return "valid";
    }
  }

  /**
   * As much as makes the output {@code ceil(input / stride)}; an odd rest goes to the bottom and
   * right, as in Keras.
   */
  record Same() implements Padding {
    @Override
    public Amount along(Axis axis, int input, int window, int stride, int dilation) {
      int reach = Windows.reach(window, dilation);
      int output = (input - 1) / stride + 1;
      int total = Math.max(0, Math.addExact((output - 1) * stride - input, reach));
      return new Amount(total / 2, total - total / 2);
    }

    @Override
    public String toString() {
      return "same";
    }
  }

  /**
   * As much as lets every window that touches the picture count: {@code dilation * (window - 1)} on
   * each side.
   */
  record Full() implements Padding {
    @Override
    public Amount along(Axis axis, int input, int window, int stride, int dilation) {
      int reach = Windows.reach(window, dilation) - 1;
      return new Amount(reach, reach);
    }

    @Override
    public String toString() {
      return "full";
    }
  }

  /**
   * The given number of rows above and below, and of columns left and right. For unequal sides put
   * a {@link ZeroPadding} layer before.
   */
  record Explicit(int rows, int columns) implements Padding {
    public Explicit {
      if (rows < 0 || columns < 0) {
        throw new IllegalArgumentException(
            "Invalid padding " + rows + " x " + columns + ": both must be at least 0");
      }
    }

    @Override
    public Amount along(Axis axis, int input, int window, int stride, int dilation) {
      int amount = axis == Axis.VERTICAL ? rows : columns;
      return new Amount(amount, amount);
    }

    @Override
    public String toString() {
      return rows + " x " + columns;
    }
  }
}
