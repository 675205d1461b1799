package dev.tessera.network;

import java.io.Serializable;
import java.util.List;

/**
 * A layer in its place in a network.
 *
 * @param name unique in the network; empty for kind and count, for example {@code conv2}
 * @param inputs names of the earlier layers whose outputs it takes, or {@link #NETWORK_INPUT};
 *     empty for the layer before it, which for the first is the network's input
 */
public record NodeSpec(String name, List<String> inputs, LayerSpec layer) implements Serializable {
  /** Names the picture among {@link #inputs()}. */
  public static final String NETWORK_INPUT = "input";

  public NodeSpec {
    inputs = List.copyOf(inputs);
  }

  /** With a name of its own making, on the layer before. */
  public static NodeSpec of(LayerSpec layer) {
    return new NodeSpec("", List.of(), layer);
  }
}
