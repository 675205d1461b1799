package dev.tessera.network;

import java.util.List;

/** The sum of outputs of equal shape, element by element, then an activation. */
public record Add(Activation activation) implements JoinSpec {
  public Add {
    if (activation == Activation.SOFTMAX) {
      throw new IllegalArgumentException(
          "Invalid add with activation softmax: give softmax to the last dense layer, { dense = classes, activation = softmax }");
    }
  }

  @Override
  public String kind() {
    return "add";
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Joins.requireSeveral(inputs, "add");
    Shape first = inputs.get(0);
    if (!inputs.stream().allMatch(first::equals)) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "",
          "add needs inputs of equal shape but gets "
              + Joins.list(inputs)
              + ". Sums are taken element by element. Bring them to one shape, for example by a"
              + " conv with kernel = 1 on one of them.");
    }
    return first;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.add(this);
  }
}
