package dev.tessera.network;

import java.io.Serializable;
import java.util.List;

/**
 * A layer that fits: with its name, its shapes and its parameters' places in the flat vector.
 *
 * @param index position in the network from 0
 * @param name kind and count, for example {@code conv2}; unique in the network
 */
public record LayerPlan(
    int index,
    String name,
    LayerSpec spec,
    Shape input,
    Shape output,
    List<ParameterBlock> parameters)
    implements Serializable {
  public LayerPlan {
    parameters = List.copyOf(parameters);
  }

  public int parameterCount() {
    return parameters.stream().mapToInt(ParameterBlock::size).reduce(0, Math::addExact);
  }
}
