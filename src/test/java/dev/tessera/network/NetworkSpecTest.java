package dev.tessera.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkSpecTest {
  private static final Shape.Image PICTURE = new Shape.Image(8, 8, 3);
  private static final Dense SOFTMAX = Dense.of(Dense.CLASSES, Activation.SOFTMAX);
  private static final Dense SIGMOID = Dense.of(1, Activation.SIGMOID);
  private static final Convolution CONV = Convolution.of(4, 3, Padding.SAME, Activation.RELU);

  private static NetworkSpec network(LayerSpec... layers) {
    return NetworkSpec.chain("custom", List.of(layers));
  }

  @Test
  void namesLayersByKindAndCount() {
    NetworkPlan plan =
        network(CONV, Pooling.of(PoolingKind.MAX, 2), CONV, new Flatten(), SOFTMAX)
            .compile(PICTURE, 4);
    assertThat(plan.layers().stream().map(LayerPlan::name))
        .containsExactly("conv1", "pool1", "conv2", "flatten1", "dense1");
    assertThat(plan.layers().stream().map(LayerPlan::index)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void everyLayerGetsTheShapeBeforeIt() {
    NetworkPlan plan =
        network(CONV, Pooling.of(PoolingKind.MAX, 2), new Flatten(), SOFTMAX).compile(PICTURE, 4);
    assertThat(plan.layers().get(0).input()).isEqualTo(PICTURE);
    for (int i = 1; i < plan.layers().size(); i++) {
      assertThat(plan.layers().get(i).input()).isEqualTo(plan.layers().get(i - 1).output());
    }
    assertThat(plan.outputLayer().units()).isEqualTo(4);
    assertThat(plan.sigmoidOutput()).isFalse();
  }

  @Test
  void hiddenLayerMayHaveAsManyUnitsAsClasses() {
    NetworkPlan plan =
        network(new Flatten(), Dense.of(Dense.CLASSES, Activation.RELU), SOFTMAX)
            .compile(PICTURE, 7);
    assertThat(plan.layers().get(1).output()).isEqualTo(new Shape.Vector(7));
  }

  @Test
  void oneSigmoidServesTwoClasses() {
    NetworkPlan plan = network(new Flatten(), SIGMOID).compile(PICTURE, 2);
    assertThat(plan.sigmoidOutput()).isTrue();
    assertThat(plan.parameterCount()).isEqualTo(193);
  }

  @Test
  void softmaxOfTheRightNumberIsFine() {
    assertThat(
            network(new Flatten(), Dense.of(4, Activation.SOFTMAX))
                .compile(PICTURE, 4)
                .outputLayer()
                .units())
        .isEqualTo(4);
  }

  static Stream<Arguments> problems() {
    return Stream.of(
        problem(
            network(new Flatten(), SOFTMAX),
            1,
            NetworkException.WHOLE_NETWORK,
            "",
            "the data set has 1 class. A classifier needs at least 2: add a folder or labels of"
                + " another class."),
        problem(
            network(new Flatten(), SOFTMAX),
            0,
            NetworkException.WHOLE_NETWORK,
            "",
            "the data set has 0 classes. A classifier needs at least 2: add a folder or labels of"
                + " another class."),
        problem(
            network(),
            4,
            NetworkException.WHOLE_NETWORK,
            "",
            "the network has no layers. End it with { dense = classes, activation = softmax }."),
        problem(
            network(new Flatten(), SOFTMAX, SOFTMAX),
            4,
            1,
            "activation",
            "layer 2 has activation softmax but is not the last. Only the output may have it; use"
                + " relu here."),
        problem(
            network(Convolution.of(4, 3, Padding.SAME, Activation.SOFTMAX), new Flatten(), SOFTMAX),
            4,
            0,
            "activation",
            "layer 1 has activation softmax but is not the last. Only the output may have it; use"
                + " relu here."),
        problem(
            network(new Flatten(), Dense.of(4, Activation.RELU)),
            4,
            1,
            "",
            "layer 2 is the last but makes no probabilities. End the network with"
                + " { dense = classes, activation = softmax }, or { dense = 1, activation = sigmoid }"
                + " for two classes."),
        problem(
            network(Convolution.of(4, 8, Padding.VALID, Activation.SOFTMAX)),
            4,
            0,
            "",
            "layer 1 is the last but makes no probabilities. End the network with"
                + " { dense = classes, activation = softmax }, or { dense = 1, activation = sigmoid }"
                + " for two classes."),
        problem(
            network(new Flatten(), Dense.of(10, Activation.SOFTMAX)),
            4,
            1,
            "units",
            "layer 2 (dense) has 10 outputs but the data set has 4 classes. Softmax needs one"
                + " output a class: write { dense = classes, activation = softmax }."),
        problem(
            network(new Flatten(), SIGMOID),
            3,
            1,
            "units",
            "layer 2 (dense, sigmoid) has 1 output and the data set 3 classes. Sigmoid is for one"
                + " output and two classes: write { dense = 1, activation = sigmoid } for two"
                + " classes, else { dense = classes, activation = softmax }."),
        problem(
            network(new Flatten(), Dense.of(2, Activation.SIGMOID)),
            2,
            1,
            "units",
            "layer 2 (dense, sigmoid) has 2 outputs and the data set 2 classes. Sigmoid is for one"
                + " output and two classes: write { dense = 1, activation = sigmoid } for two"
                + " classes, else { dense = classes, activation = softmax }."),
        problem(
            network(new Flatten(), Dense.of(Dense.CLASSES, Activation.SIGMOID)),
            2,
            1,
            "units",
            "layer 2 (dense, sigmoid) has one output a class and the data set 2 classes. Sigmoid is"
                + " for one output and two classes: write { dense = 1, activation = sigmoid } for"
                + " two classes, else { dense = classes, activation = softmax }."),
        problem(
            network(CONV, SOFTMAX),
            4,
            1,
            "",
            "layer 2 (dense1): dense needs a flat list of values but gets a picture of 8 x 8 x 4"
                + " (height x width x channels). Put { flatten {} } or { globalPool = average }"
                + " before it."),
        problem(
            network(new Flatten(), CONV, SOFTMAX),
            4,
            1,
            "",
            "layer 2 (conv1): conv needs a picture (height x width x channels) but gets a flat list"
                + " of 192 values. A flatten, dense or globalPool before it has removed height and"
                + " width. Move it before that layer."),
        problem(
            network(CONV, Pooling.of(PoolingKind.MAX, 9), new Flatten(), SOFTMAX),
            4,
            1,
            "size",
            "layer 2 (pool1): size = 9 x 9 does not fit its input of 8 x 8 x 4 (height x width x"
                + " channels). With padding = valid a window may not be larger than the picture."
                + " Use at most 8, or set padding = same."),
        problem(
            network(new Flatten(), Dense.of(Integer.MAX_VALUE, Activation.RELU), SOFTMAX),
            4,
            1,
            "",
            "layer 2 (dense1), which gets 192, makes the network larger than 2^31 values. Pool or"
                + " stride more before it."),
        problem(
            network(new ZeroPadding(Integer.MAX_VALUE, 0, 0, 0), new Flatten(), SOFTMAX),
            4,
            0,
            "",
            "layer 1 (zeroPadding1), which gets 8 x 8 x 3, makes the network larger than 2^31"
                + " values. Pool or stride more before it."));
  }

  private static Arguments problem(
      NetworkSpec network, int classes, int layer, String component, String message) {
    return Arguments.of(network, classes, layer, component, message);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void saysWhichLayerCannotWorkAndWhy(
      NetworkSpec network, int classes, int layer, String component, String message) {
    assertThatThrownBy(() -> network.compile(PICTURE, classes))
        .isInstanceOfSatisfying(
            NetworkException.class,
            e -> {
              assertThat(e.layer()).isEqualTo(layer);
              assertThat(e.component()).isEqualTo(component);
            })
        .hasMessage(message);
  }

  @Test
  void sumsOfLargeLayersDoNotWrapAround() {
    NetworkSpec network =
        network(
            new GlobalPooling(PoolingKind.MAX),
            Dense.of(Integer.MAX_VALUE, Activation.RELU),
            SOFTMAX);
    assertThatThrownBy(() -> network.compile(new Shape.Image(8, 8, 1), 4))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "layer 2 (dense1), which gets 1, makes the network larger than 2^31 values. Pool or"
                + " stride more before it.");
  }
}
