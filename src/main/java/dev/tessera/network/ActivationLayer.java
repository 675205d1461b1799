package dev.tessera.network;

/**
 * An activation as a layer of its own, for example after batch norm. Softmax is not among them: it
 * belongs to the last dense layer.
 */
public record ActivationLayer(Activation activation) implements LayerSpec {
  public ActivationLayer {
    if (activation == Activation.SOFTMAX) {
      throw new IllegalArgumentException(
          "Invalid activation layer softmax: give softmax to the last dense layer, { dense = classes, activation = softmax }");
    }
  }

  @Override
  public String kind() {
    return "activation";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.activation(this);
  }
}
