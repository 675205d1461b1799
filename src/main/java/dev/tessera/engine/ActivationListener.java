package dev.tessera.engine;

import dev.tessera.network.LayerPlan;

/** Hears what every layer of a network makes of a minibatch. */
@FunctionalInterface
public interface ActivationListener {
  /**
   * The output of one layer.
   *
   * @param values example after example; of a picture channels x height x width (channel after
   *     channel, each row after row), of a vector its values: the minibatch's size times {@code
   *     layer.output().size()} in all. The listener's own: the engine does not read it again
   */
  void layer(LayerPlan layer, float[] values);
}
