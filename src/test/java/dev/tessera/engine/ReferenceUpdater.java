package dev.tessera.engine;

/** The documented formulas of {@link Updater} in double, for one parameter. */
final class ReferenceUpdater implements Updater.Visitor<Double> {
  private final double gradient;
  private final double learningRate;
  private final int step;
  private final boolean weight;
  private final double parameter;
  private final double[] state;

  /**
   * @param step from 1
   * @param weight whether weight decay applies
   * @param state two numbers, of which an updater uses as many as it has slots; changed
   */
  ReferenceUpdater(
      double parameter,
      double gradient,
      double learningRate,
      int step,
      boolean weight,
      double[] state) {
    this.parameter = parameter;
    this.gradient = gradient;
    this.learningRate = learningRate;
    this.step = step;
    this.weight = weight;
    this.state = state;
  }

  @Override
  public Double sgd(Updater.Sgd updater) {
    return parameter - learningRate * gradient;
  }

  @Override
  public Double momentum(Updater.Momentum updater) {
    state[0] = updater.momentum() * state[0] - learningRate * gradient;
    return parameter + state[0];
  }

  @Override
  public Double nesterov(Updater.Nesterov updater) {
    state[0] = updater.momentum() * state[0] - learningRate * gradient;
    return parameter + updater.momentum() * state[0] - learningRate * gradient;
  }

  @Override
  public Double adam(Updater.Adam updater) {
    return parameter - adam(updater.beta1(), updater.beta2(), updater.epsilon());
  }

  @Override
  public Double adamW(Updater.AdamW updater) {
    double decay = weight ? learningRate * updater.weightDecay() * parameter : 0;
    return parameter - adam(updater.beta1(), updater.beta2(), updater.epsilon()) - decay;
  }

  private double adam(double beta1, double beta2, double epsilon) {
    state[0] = beta1 * state[0] + (1 - beta1) * gradient;
    state[1] = beta2 * state[1] + (1 - beta2) * gradient * gradient;
    double rate = learningRate * Math.sqrt(1 - Math.pow(beta2, step)) / (1 - Math.pow(beta1, step));
    return rate * state[0] / (Math.sqrt(state[1]) + epsilon);
  }

  @Override
  public Double rmsProp(Updater.RmsProp updater) {
    state[0] = updater.decay() * state[0] + (1 - updater.decay()) * gradient * gradient;
    return parameter - learningRate * gradient / (Math.sqrt(state[0]) + updater.epsilon());
  }

  @Override
  public Double adaGrad(Updater.AdaGrad updater) {
    state[0] += gradient * gradient;
    return parameter - learningRate * gradient / (Math.sqrt(state[0]) + updater.epsilon());
  }
}
