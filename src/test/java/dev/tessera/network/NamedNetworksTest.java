package dev.tessera.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.Golden;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NamedNetworksTest {
  private static NetworkPlan plan(String name, int side, int channels, int classes) {
    return NamedNetworks.named(name).compile(new Shape.Image(side, side, channels), classes);
  }

  static Stream<NetworkPlan> plans() {
    return Stream.of(
        plan("reference", 32, 3, 10),
        plan("lenet5", 28, 1, 10),
        plan("article", 224, 3, 5),
        plan("vgg11", 224, 3, 1000),
        plan("resnet18", 224, 3, 1000),
        plan("resnet50", 224, 3, 1000),
        plan("mobilenet", 224, 3, 1000));
  }

  @Test
  void referenceHasItsParameters() {
    NetworkPlan plan = plan("reference", 32, 3, 10);
    assertThat(plan.parameterCount()).isEqualTo(158_122);
    assertThat(plan.parameterCount() - plan.trainableCount()).isEqualTo(448);
  }

  @Test
  void referenceTakesPicturesFrom16By16() {
    assertThat(plan("reference", 16, 3, 10).parameterCount()).isEqualTo(158_122);
    assertThat(plan("reference", 28, 1, 10).parameterCount()).isEqualTo(158_122 - 2 * 288);
  }

  @Test
  void articleCountsWhatTheTutorialCounts() {
    NetworkPlan plan = plan("article", 224, 3, 5);
    assertThat(layer(plan, "conv1").parameterCount()).isEqualTo(896);
    assertThat(layer(plan, "batchNorm1").parameterCount()).isEqualTo(128);
    assertThat(
            layer(plan, "batchNorm1").parameters().stream()
                .filter(block -> !block.role().trainable())
                .mapToInt(ParameterBlock::size)
                .sum())
        .isEqualTo(64);
    assertThat(layer(plan, "conv2").parameterCount()).isEqualTo(9_248);
    assertThat(layer(plan, "flatten1").output()).isEqualTo(new Shape.Vector(28 * 28 * 32));
  }

  @Test
  void lenet5HasItsParameters() {
    // 156 + 2,416 + 48,120 + 10,164 + 850, by hand
    assertThat(plan("lenet5", 28, 1, 10).parameterCount()).isEqualTo(61_706);
  }

  @Test
  void vgg11HasItsParameters() {
    NetworkPlan plan = plan("vgg11", 224, 3, 1000);
    assertThat(plan.parameterCount()).isEqualTo(132_863_336);
    assertThat(plan.trainableCount()).isEqualTo(132_863_336);
    assertThat(plan("vgg11", 32, 3, 10).layers().get(12).output())
        .isEqualTo(new Shape.Image(1, 1, 512));
  }

  /** Counts of torchvision, and of Keras for MobileNet. */
  @Test
  void residualNetworksAndMobileNetHaveTheirParameters() {
    assertThat(plan("resnet18", 224, 3, 1000).trainableCount()).isEqualTo(11_689_512);
    assertThat(plan("resnet50", 224, 3, 1000).trainableCount()).isEqualTo(25_557_032);
    assertThat(plan("mobilenet", 224, 3, 1000).trainableCount()).isEqualTo(4_231_976);
  }

  @Test
  void residualNetworksAndMobileNetShrinkAsTheyShould() {
    for (String name : List.of("resnet18", "resnet50", "mobilenet")) {
      NetworkPlan plan = plan(name, 224, 3, 1000);
      LayerPlan pool = layer(plan, "globalPool1");
      int channels =
          switch (name) {
            case "resnet18" -> 512;
            case "resnet50" -> 2048;
            default -> 1024;
          };
      assertThat(pool.input()).isEqualTo(new Shape.Image(7, 7, channels));
      assertThat(plan(name, 32, 1, 10).outputLayer().units()).isEqualTo(10);
    }
    NetworkPlan plan = plan("resnet50", 224, 3, 1000);
    assertThat(((Convolution) layer(plan, "block2-1-conv2").spec()).stride())
        .isEqualTo(Extent.square(2));
    assertThat(((Convolution) layer(plan, "block2-1-conv1").spec()).stride()).isEqualTo(Extent.ONE);
  }

  private static LayerPlan layer(NetworkPlan plan, String name) {
    return plan.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("plans")
  void blocksLieOneAfterTheOther(NetworkPlan plan) {
    int next = 0;
    for (ParameterBlock block : plan.blocks()) {
      assertThat(block.offset()).isEqualTo(next);
      next = block.end();
    }
    assertThat(next).isEqualTo(plan.parameterCount());
  }

  @ParameterizedTest
  @MethodSource("plans")
  void summaryReadsLikeKeras(NetworkPlan plan) {
    Golden.check("summary-" + plan.name() + ".txt", NetworkSummary.of(plan));
  }

  @Test
  void summaryShowsEverySetting() {
    NetworkSpec network =
        NetworkSpec.chain(
            "custom",
            List.of(
                new ZeroPadding(1, 2, 3, 4),
                new Convolution(
                    8,
                    new Extent(5, 3),
                    new Extent(2, 1),
                    new Padding.Explicit(2, 1),
                    new Extent(1, 2),
                    1,
                    Activation.IDENTITY,
                    false,
                    Initialiser.HE_UNIFORM),
                new BatchNorm(0.99, 1e-3),
                new ActivationLayer(Activation.LEAKY_RELU),
                new Pooling(PoolingKind.AVERAGE, Extent.square(3), Extent.square(2), Padding.SAME),
                new GlobalPooling(PoolingKind.MAX),
                new Dense(16, Activation.SWISH, false, Initialiser.HE_NORMAL),
                new Dropout(0.3),
                Dense.of(1, Activation.SIGMOID)));
    Golden.check(
        "summary-every-setting.txt",
        NetworkSummary.of(network.compile(new Shape.Image(30, 40, 3), 2)));
  }

  @Test
  void listsTheNamesWhereThereIsNoneOfThatName() {
    assertThat(NamedNetworks.names())
        .containsExactly(
            "reference", "lenet5", "article", "vgg11", "resnet18", "resnet50", "mobilenet");
    assertThatThrownBy(() -> NamedNetworks.named("alexnet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "There is no network named `alexnet`. Use one of reference, lenet5, article, vgg11,"
                + " resnet18, resnet50, mobilenet, or { layers = [ ... ] }.");
  }
}
