package dev.tessera.network;

/**
 * The largest value or the mean of every channel: height x width x channels to a list of {@code
 * channels} values.
 */
public record GlobalPooling(PoolingKind function) implements LayerSpec {
  @Override
  public String kind() {
    return "globalPool";
  }

  @Override
  public Shape.Vector outputShape(Shape input) {
    return new Shape.Vector(Windows.picture(input, "globalPool").channels());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.globalPooling(this);
  }
}
