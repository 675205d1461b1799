package dev.tessera.network;

import java.util.List;

/**
 * Outputs one after the other: pictures of equal height and width along their channels, flat lists
 * along their values.
 */
public record Concat() implements JoinSpec {
  @Override
  public String kind() {
    return "concat";
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Joins.requireSeveral(inputs, "concat");
    if (inputs.stream().allMatch(Shape.Vector.class::isInstance)) {
      return new Shape.Vector(inputs.stream().mapToInt(Shape::size).reduce(0, Math::addExact));
    }
    int channels = 0;
    for (Shape input : inputs) {
      if (!(input instanceof Shape.Image image)
          || !(inputs.get(0) instanceof Shape.Image first)
          || image.height() != first.height()
          || image.width() != first.width()) {
        throw new NetworkException(
            NetworkException.WHOLE_NETWORK,
            "",
            "concat needs pictures of equal height and width, or flat lists alone, but gets "
                + Joins.list(inputs)
                + ". It puts channels after channels. Bring the inputs to one height and width"
                + " by stride, padding or pooling, or put { flatten {} } after each.");
      }
      channels = Math.addExact(channels, image.channels());
    }
    Shape.Image first = (Shape.Image) inputs.get(0);
    return new Shape.Image(first.height(), first.width(), channels);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.concat(this);
  }
}
