package dev.tessera.engine.onednn;

/** The formula of an updater over pieces of the flat arrays. */
interface UpdateRule {
  /**
   * Takes in what a step has for all parameters alike.
   *
   * @param step from 1
   */
  void begin(double learningRate, long step);

  /**
   * Changes parameters and state.
   *
   * @param state one array a slot
   * @param weight whether they are weights, not biases, gamma or beta
   */
  void apply(float[] parameters, float[] gradients, float[][] state, int count, boolean weight);
}
