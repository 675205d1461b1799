package dev.tessera.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Every input times every unit's weight, plus a bias, then an activation. Weights [inputs, units],
 * stored column by column (DL4J's f order).
 *
 * @param units number of outputs, or {@link #CLASSES} for as many as the data set has classes
 * @param initialiser of the weights; biases start at 0
 */
public record Dense(int units, Activation activation, boolean bias, Initialiser initialiser)
    implements LayerSpec {
  /**
   * Stands for the number of classes, which a job file does not know; {@link NetworkSpec#compile}
   * puts it in.
   */
  public static final int CLASSES = 0;

  public Dense {
    if (units < 0) {
      throw new IllegalArgumentException(
          "Invalid dense layer of " + units + " units: it must have at least 1, or `classes`");
    }
  }

  /** With bias and the activation's default initialiser. */
  public static Dense of(int units, Activation activation) {
    return new Dense(units, activation, true, Initialiser.defaultFor(activation));
  }

  Dense withUnits(int count) {
    return new Dense(count, activation, bias, initialiser);
  }

  Dense withInitialiser(Initialiser other) {
    return new Dense(units, activation, bias, other);
  }

  @Override
  public String kind() {
    return "dense";
  }

  @Override
  public Shape.Vector outputShape(Shape input) {
    if (input instanceof Shape.Image image) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "",
          "dense needs a flat list of values but gets a picture of "
              + image
              + " (height x width x channels). Put { flatten {} } or"
              + " { globalPool = average } before it.");
    }
    return new Shape.Vector(units);
  }

  @Override
  public List<ParameterBlock> parameters(Shape input, int offset) {
    List<ParameterBlock> blocks = new ArrayList<>();
    blocks.add(
        new ParameterBlock("weights", ParameterRole.WEIGHT, List.of(input.size(), units), offset));
    if (bias) {
      blocks.add(
          new ParameterBlock(
              "bias",
              ParameterRole.BIAS,
              List.of(units),
              offset + Math.multiplyExact(input.size(), units)));
    }
    return blocks;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.dense(this);
  }
}
