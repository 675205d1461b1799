package dev.tessera.job;

import dev.tessera.network.NetworkException;
import java.util.List;

/**
 * Where the layers of a model stand in the job file.
 *
 * @param model place of the {@code model} key, for example {@code jobs/lenet.conf:23: model}
 * @param layers place of each layer, for example {@code jobs/lenet.conf:25: model.layers[2]}; empty
 *     for a named network
 */
public record ModelOrigin(String model, List<String> layers) {
  public ModelOrigin {
    layers = List.copyOf(layers);
  }

  /** The message of a network that can't work, with its place in the file before it. */
  public String locate(NetworkException e) {
    boolean known = e.layer() >= 0 && e.layer() < layers.size();
    return (known ? layers.get(e.layer()) : model) + ": " + e.getMessage();
  }
}
