package dev.tessera.network;

import java.io.Serializable;
import java.util.List;

/**
 * A layer that fits: with its name, its shapes and its parameters' places in the flat vector.
 *
 * @param index position in the network from 0
 * @param name as the spec gives it, else kind and count, for example {@code conv2}; unique in the
 *     network
 * @param sources indices of the layers whose outputs it takes, all below {@code index}, or {@link
 *     #NETWORK_INPUT}; one, and two or more for a {@link JoinSpec}
 * @param inputs shapes of those outputs, in the order of {@code sources}
 */
public record LayerPlan(
    int index,
    String name,
    LayerSpec spec,
    List<Integer> sources,
    List<Shape> inputs,
    Shape output,
    List<ParameterBlock> parameters)
    implements Serializable {
  /** Stands for the picture among {@link #sources()}. */
  public static final int NETWORK_INPUT = -1;

  public LayerPlan {
    sources = List.copyOf(sources);
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /** Shape of the first input, the only one but for joins. */
  public Shape input() {
    return inputs.get(0);
  }

  public int parameterCount() {
    return parameters.stream().mapToInt(ParameterBlock::size).reduce(0, Math::addExact);
  }
}
