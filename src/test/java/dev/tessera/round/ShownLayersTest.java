package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownLayersTest {
  private static List<String> names(NetworkPlan network) {
    return ShownLayers.of(network).stream()
        .map(network.layers()::get)
        .map(LayerPlan::name)
        .toList();
  }

  @Test
  void areThoseThatChangeSomethingButForTheOutput() {
    NetworkPlan network =
        NetworkSpec.chain(
                "custom",
                List.of(
                    Convolution.of(4, 3, Padding.SAME, Activation.IDENTITY),
                    new ActivationLayer(Activation.IDENTITY),
                    new ActivationLayer(Activation.RELU),
                    new Dropout(0.5),
                    new Flatten(),
                    Dense.of(8, Activation.TANH),
                    Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
            .compile(new Shape.Image(8, 8, 3), 5);
    assertThat(names(network)).containsExactly("conv1", "activation2", "dense1");
  }

  @Test
  void areNoneOfANetworkOfOneLayer() {
    assertThat(ShownLayers.of(Toy.network())).isEmpty();
  }

  @Test
  void ofADeepNetworkAreSoManyFromTheFirstToTheLast() {
    NetworkPlan network =
        NamedNetworks.named("resnet50").compile(new Shape.Image(224, 224, 3), 1000);
    List<String> names = names(network);
    assertThat(names).hasSize(ShownLayers.MOST).doesNotHaveDuplicates();
    assertThat(names.get(0)).isEqualTo(network.layers().get(0).name());
    assertThat(names.get(names.size() - 1))
        .isEqualTo(network.layers().get(network.layers().size() - 2).name());
    assertThat(ShownLayers.of(network)).isSorted();
  }
}
