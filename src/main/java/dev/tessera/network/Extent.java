package dev.tessera.network;

import java.io.Serializable;

/** Height and width of a kernel, a stride or a dilation; both at least 1. */
public record Extent(int height, int width) implements Serializable {
  public static final Extent ONE = new Extent(1, 1);

  public Extent {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Invalid extent " + height + " x " + width + ": both must be at least 1");
    }
  }

  /** The same height and width. */
  public static Extent square(int side) {
    return new Extent(side, side);
  }

  @Override
  public String toString() {
    return height + " x " + width;
  }
}
