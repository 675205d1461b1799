package dev.tessera.network;

import java.io.Serializable;

/** The shape of one example between two layers, without the minibatch. */
public sealed interface Shape extends Serializable {

  /** Number of values. */
  int size();

  /**
   * A picture or feature map; {@code toString} prints {@code height x width x channels}. Every side
   * is at least 1.
   */
  record Image(int height, int width, int channels) implements Shape {
    public Image {
      if (height < 1 || width < 1 || channels < 1) {
        throw new IllegalArgumentException(
            "Invalid shape "
                + height
                + " x "
                + width
                + " x "
                + channels
                + ": every side must be at least 1");
      }
      Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }

    @Override
    public int size() {
      return height * width * channels;
    }

    @Override
    public String toString() {
      return height + " x " + width + " x " + channels;
    }
  }

  /** A flat list of features. */
  record Vector(int size) implements Shape {
    public Vector {
      if (size < 1) {
        throw new IllegalArgumentException(
            "Invalid vector of " + size + " values: it must have at least 1");
      }
    }

    @Override
    public String toString() {
      return Integer.toString(size);
    }
  }
}
