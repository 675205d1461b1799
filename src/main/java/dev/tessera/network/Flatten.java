package dev.tessera.network;

/**
 * A picture as a flat list of values, channel after channel (DL4J's order; weights of a following
 * dense layer are stored in it).
 */
public record Flatten() implements LayerSpec {
  @Override
  public String kind() {
    return "flatten";
  }

  @Override
  public Shape.Vector outputShape(Shape input) {
    return new Shape.Vector(input.size());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.flatten(this);
  }
}
