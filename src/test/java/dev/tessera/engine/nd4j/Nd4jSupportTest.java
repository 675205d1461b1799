package dev.tessera.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.Dense;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

final class Nd4jSupportTest {
  @Test
  void runsEveryNamedNetwork() {
    for (String name : NamedNetworks.names()) {
      NetworkPlan plan = NamedNetworks.named(name).compile(new Shape.Image(64, 64, 3), 10);
      assertThat(new Nd4jEngine().supports(plain(plan)).supported()).as(name).isTrue();
    }
  }

  @Test
  void namesTheLayerWhosePaddingDl4jCannotSay() {
    NetworkPlan plan =
        NetworkSpec.chain(
                "custom",
                List.of(
                    new Pooling(PoolingKind.MAX, new Extent(2, 1), new Extent(1, 3), Padding.SAME),
                    new Flatten(),
                    Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
            .compile(new Shape.Image(5, 5, 1), 3);
    Nd4jEngine engine = new Nd4jEngine();
    assertThat(engine.supports(plain(plan)).reason())
        .startsWith(
            "layer 1 (pool1) pads one side unevenly while its stride skips along the other");
    assertThatThrownBy(() -> engine.open(plain(plan), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot run the network on nd4j: layer 1 (pool1)");
  }

  private static Workload plain(NetworkPlan plan) {
    PixelScaling scaling = PixelScaling.unit(plan.input().channels());
    return Workloads.of(plan, scaling, new Updater.Sgd(), 0, 4);
  }
}
