package dev.tessera.network;

/** Rows and columns of zeros around a picture; each count at least 0. */
public record ZeroPadding(int top, int bottom, int left, int right) implements LayerSpec {
  public ZeroPadding {
    if (top < 0 || bottom < 0 || left < 0 || right < 0) {
      throw new IllegalArgumentException(
          "Invalid zeroPadding ["
              + top
              + ", "
              + bottom
              + ", "
              + left
              + ", "
              + right
              + "]: every count must be at least 0");
    }
  }

  @Override
  public String kind() {
    return "zeroPadding";
  }

  @Override
  public Shape.Image outputShape(Shape input) {
    Shape.Image image = Windows.picture(input, "zeroPadding");
    return new Shape.Image(
        Math.addExact(image.height(), Math.addExact(top, bottom)),
        Math.addExact(image.width(), Math.addExact(left, right)),
        image.channels());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.zeroPadding(this);
  }
}
