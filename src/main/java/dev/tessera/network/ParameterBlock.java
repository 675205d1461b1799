package dev.tessera.network;

import java.io.Serializable;
import java.util.List;

/**
 * One named array of parameters inside the flat vector of its network.
 *
 * @param shape as the layer's documentation gives it
 * @param offset index of its first value in the flat vector
 */
public record ParameterBlock(String name, ParameterRole role, List<Integer> shape, int offset)
    implements Serializable {
  public ParameterBlock {
    shape = List.copyOf(shape);
  }

  public int size() {
    int size = 1;
    for (int side : shape) {
      size = Math.multiplyExact(size, side);
    }
    return size;
  }

  /** Index after its last value. */
  public int end() {
    return Math.addExact(offset, size());
  }
}
