package dev.tessera.round;

import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which layers of a network are shown: those that change a value, but for the output layer, whose
 * probabilities are shown instead. Of a deep network so many at equal distances, the first and the
 * last among them.
 */
final class ShownLayers {
  static final int MOST = 24;

  private ShownLayers() {}

  /** Their indices, from the first layer to the last. */
  static List<Integer> of(NetworkPlan network) {
    List<Integer> all =
        network.layers().subList(0, network.layers().size() - 1).stream()
            .filter(layer -> changes(layer.spec()))
            .map(LayerPlan::index)
            .toList();
    return all.size() <= MOST
        ? all
        : IntStream.range(0, MOST)
            .mapToObj(i -> all.get(i * (all.size() - 1) / (MOST - 1)))
            .toList();
  }

  private static boolean changes(LayerSpec spec) {
    boolean passesOn =
        spec instanceof Dropout
            || spec instanceof Flatten
            || (spec instanceof ActivationLayer layer && layer.activation() == Activation.IDENTITY);
    return !passesOn;
  }
}
