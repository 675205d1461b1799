package dev.tessera.network;

/**
 * Sets values to zero at random while training and scales the others by {@code 1 / (1 - rate)}
 * (inverted dropout, Srivastava et al. 2014); does nothing in inference.
 *
 * @param rate the fraction dropped, in [0, 1)
 */
public record Dropout(double rate) implements LayerSpec {
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "Invalid dropout " + rate + ": the fraction dropped must be at least 0 and below 1");
    }
  }

  @Override
  public String kind() {
    return "dropout";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.dropout(this);
  }
}
