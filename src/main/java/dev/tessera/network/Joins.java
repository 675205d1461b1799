package dev.tessera.network;

import java.util.List;
import java.util.stream.Collectors;

/** What the joins' checks share. */
final class Joins {
  private Joins() {}

  static void requireSeveral(List<Shape> inputs, String what) {
    if (inputs.size() < 2) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "",
          what
              + " needs at least two inputs but gets "
              + (inputs.isEmpty() ? "none" : "one, of " + inputs.get(0))
              + ". Name the layers it joins, for example { "
              + what
              + " = [conv1, conv2] }.");
    }
  }

  /** {@code 8 x 8 x 4 and 8 x 8 x 3}. */
  static String list(List<Shape> shapes) {
    return shapes.stream().map(Shape::toString).collect(Collectors.joining(" and "));
  }
}
