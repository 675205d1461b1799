package dev.tessera.network;

/**
 * What a block of parameters is to its layer: decides regularisation, whether it is trained, and
 * how replicas are averaged.
 */
public enum ParameterRole {
  WEIGHT,
  BIAS,
  GAMMA,
  BETA,
  RUNNING_MEAN,
  RUNNING_VARIANCE;

  /** Whether gradients change it. The running moments of batch norm are measured, not trained. */
  public boolean trainable() {
    return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
  }
}
