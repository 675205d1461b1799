package dev.tessera.engine;

import java.io.Serializable;

/**
 * How a gradient becomes a change of the parameters. Formulas with gradient g, learning rate lr,
 * step t from 1; state starts at {@link #initialState()}.
 */
public sealed interface Updater extends Serializable {

  /** The name in a job file. */
  String name();

  /** Arrays of state that each trainable parameter has: 0, 1 or 2. */
  int stateSlots();

  /** What every value of the state starts at. */
  default float initialState() {
    return 0f;
  }

  <R> R accept(Visitor<R> visitor);

  /** One method an updater. */
  interface Visitor<R> {
    R sgd(Sgd updater);

    R momentum(Momentum updater);

    R nesterov(Nesterov updater);

    R adam(Adam updater);

    R adamW(AdamW updater);

    R rmsProp(RmsProp updater);

    R adaGrad(AdaGrad updater);
  }

  /** {@code w -= lr g}. */
  record Sgd() implements Updater {
    @Override
    public String name() {
      return "sgd";
    }

    @Override
    public int stateSlots() {
      return 0;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sgd(this);
    }
  }

  /** {@code v = mu v - lr g; w += v} (Polyak 1964). */
  record Momentum(double momentum) implements Updater {
    public Momentum {
      requireShare("momentum", momentum);
    }

    @Override
    public String name() {
      return "momentum";
    }

    @Override
    public int stateSlots() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.momentum(this);
    }
  }

  /**
   * {@code v = mu v - lr g; w += mu v - lr g} (Nesterov 1983, in the form of Sutskever et al.
   * 2013).
   */
  record Nesterov(double momentum) implements Updater {
    public Nesterov {
      requireShare("momentum", momentum);
    }

    @Override
    public String name() {
      return "nesterov";
    }

    @Override
    public int stateSlots() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.nesterov(this);
    }
  }

  /**
   * {@code m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; w -= lr sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) +
   * epsilon)} (Kingma and Ba 2015, the efficient form of its section 2, which DL4J has).
   */
  record Adam(double beta1, double beta2, double epsilon) implements Updater {
    public Adam {
      requireShare("beta1", beta1);
      requireShare("beta2", beta2);
      requirePositive("epsilon", epsilon);
    }

    @Override
    public String name() {
      return "adam";
    }

    @Override
    public int stateSlots() {
      return 2;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.adam(this);
    }
  }

  /**
   * Adam, and weights (not biases) decay by {@code w -= lr weightDecay w} (Loshchilov and Hutter
   * 2019).
   */
  record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements Updater {
    public AdamW {
      requireShare("beta1", beta1);
      requireShare("beta2", beta2);
      requirePositive("epsilon", epsilon);
      if (!(weightDecay >= 0)) {
        throw new IllegalArgumentException(
            "Invalid weightDecay " + weightDecay + ": it must be at least 0");
      }
    }

    @Override
    public String name() {
      return "adamw";
    }

    @Override
    public int stateSlots() {
      return 2;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.adamW(this);
    }
  }

  /** {@code s = d s + (1-d) g^2; w -= lr g / (sqrt(s) + epsilon)} (Tieleman and Hinton 2012). */
  record RmsProp(double decay, double epsilon) implements Updater {
    public RmsProp {
      requireShare("decay", decay);
      requirePositive("epsilon", epsilon);
    }

    @Override
    public String name() {
      return "rmsprop";
    }

    @Override
    public int stateSlots() {
      return 1;
    }

    /** DL4J's: the state starts at epsilon. */
    @Override
    public float initialState() {
      return (float) epsilon;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.rmsProp(this);
    }
  }

  /** {@code s += g^2; w -= lr g / (sqrt(s) + epsilon)} (Duchi et al. 2011). */
  record AdaGrad(double epsilon) implements Updater {
    public AdaGrad {
      requirePositive("epsilon", epsilon);
    }

    @Override
    public String name() {
      return "adagrad";
    }

    @Override
    public int stateSlots() {
      return 1;
    }

    /** DL4J's: the state starts at 1e-6, whatever epsilon is. */
    @Override
    public float initialState() {
      return 1e-6f;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.adaGrad(this);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "Invalid " + name + " " + value + ": it must be at least 0 and below 1");
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Invalid " + name + " " + value + ": it must be above 0");
    }
  }
}
