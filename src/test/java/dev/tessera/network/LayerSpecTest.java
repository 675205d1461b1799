package dev.tessera.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LayerSpecTest {
  private static final Shape.Image PICTURE = new Shape.Image(5, 7, 3);
  private static final Shape.Vector LIST = new Shape.Vector(12);

  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of(new GlobalPooling(PoolingKind.MAX), PICTURE, new Shape.Vector(3)),
        Arguments.of(BatchNorm.DEFAULT, PICTURE, PICTURE),
        Arguments.of(BatchNorm.DEFAULT, LIST, LIST),
        Arguments.of(new Dropout(0.5), PICTURE, PICTURE),
        Arguments.of(new Dropout(0.5), LIST, LIST),
        Arguments.of(new ActivationLayer(Activation.ELU), PICTURE, PICTURE),
        Arguments.of(new Flatten(), PICTURE, new Shape.Vector(105)),
        Arguments.of(new Flatten(), LIST, LIST),
        Arguments.of(Dense.of(9, Activation.TANH), LIST, new Shape.Vector(9)),
        Arguments.of(new ZeroPadding(1, 2, 3, 4), PICTURE, new Shape.Image(8, 14, 3)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shapeAfterTheLayer(LayerSpec layer, Shape input, Shape output) {
    assertThat(layer.outputShape(input)).isEqualTo(output);
  }

  @Test
  void kindsAreTheKeysOfTheJobFile() {
    assertThat(
            Stream.of(
                    Convolution.of(1, 1, Padding.SAME, Activation.RELU),
                    Pooling.of(PoolingKind.MAX, 2),
                    new GlobalPooling(PoolingKind.AVERAGE),
                    BatchNorm.DEFAULT,
                    new Dropout(0),
                    new ActivationLayer(Activation.RELU),
                    new Flatten(),
                    Dense.of(1, Activation.RELU),
                    new ZeroPadding(0, 0, 0, 0),
                    new Add(Activation.RELU),
                    new Concat())
                .map(LayerSpec::kind))
        .containsExactly(
            "conv",
            "pool",
            "globalPool",
            "batchNorm",
            "dropout",
            "activation",
            "flatten",
            "dense",
            "zeroPadding",
            "add",
            "concat");
  }

  @Test
  void convolutionHasBiasThenWeights() {
    assertThat(Convolution.of(8, 3, Padding.SAME, Activation.RELU).parameters(PICTURE, 100))
        .containsExactly(
            new ParameterBlock("bias", ParameterRole.BIAS, List.of(8), 100),
            new ParameterBlock("weights", ParameterRole.WEIGHT, List.of(8, 3, 3, 3), 108));
  }

  @Test
  void denseHasWeightsThenBias() {
    assertThat(Dense.of(5, Activation.RELU).parameters(LIST, 7))
        .containsExactly(
            new ParameterBlock("weights", ParameterRole.WEIGHT, List.of(12, 5), 7),
            new ParameterBlock("bias", ParameterRole.BIAS, List.of(5), 67));
  }

  @Test
  void batchNormHasFourBlocksOfAValueAChannel() {
    assertThat(BatchNorm.DEFAULT.parameters(PICTURE, 10))
        .containsExactly(
            new ParameterBlock("gamma", ParameterRole.GAMMA, List.of(3), 10),
            new ParameterBlock("beta", ParameterRole.BETA, List.of(3), 13),
            new ParameterBlock("runningMean", ParameterRole.RUNNING_MEAN, List.of(3), 16),
            new ParameterBlock("runningVariance", ParameterRole.RUNNING_VARIANCE, List.of(3), 19));
    assertThat(BatchNorm.DEFAULT.parameters(LIST, 0)).allMatch(block -> block.size() == 12);
  }

  @Test
  void biasCanBeLeftOut() {
    assertThat(new Dense(5, Activation.RELU, false, Initialiser.HE_NORMAL).parameters(LIST, 0))
        .hasSize(1);
    assertThat(
            new Convolution(
                    8,
                    Extent.ONE,
                    Extent.ONE,
                    Padding.VALID,
                    Extent.ONE,
                    1,
                    Activation.RELU,
                    false,
                    Initialiser.HE_NORMAL)
                .parameters(PICTURE, 3))
        .containsExactly(
            new ParameterBlock("weights", ParameterRole.WEIGHT, List.of(8, 3, 1, 1), 3));
  }

  @Test
  void reluAndItsKinStartByHeAndTheRestByGlorot() {
    assertThat(Stream.of(Activation.values()).map(a -> a + " " + Initialiser.defaultFor(a)))
        .containsExactly(
            "IDENTITY GLOROT_UNIFORM",
            "RELU HE_NORMAL",
            "LEAKY_RELU HE_NORMAL",
            "ELU HE_NORMAL",
            "SIGMOID GLOROT_UNIFORM",
            "TANH GLOROT_UNIFORM",
            "SWISH HE_NORMAL",
            "SOFTMAX GLOROT_UNIFORM");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(
            () -> Convolution.of(0, 3, Padding.SAME, Activation.RELU),
            "Invalid conv of 0 filters: it must have at least 1"),
        refusal(() -> new Extent(0, 3), "Invalid extent 0 x 3: both must be at least 1"),
        refusal(() -> new Extent(3, -1), "Invalid extent 3 x -1: both must be at least 1"),
        refusal(
            () -> new Padding.Explicit(-1, 0), "Invalid padding -1 x 0: both must be at least 0"),
        refusal(
            () -> Dense.of(-1, Activation.RELU),
            "Invalid dense layer of -1 units: it must have at least 1, or `classes`"),
        refusal(
            () -> new Dropout(1),
            "Invalid dropout 1.0: the fraction dropped must be at least 0 and below 1"),
        refusal(
            () -> new Dropout(Double.NaN),
            "Invalid dropout NaN: the fraction dropped must be at least 0 and below 1"),
        refusal(
            () -> new BatchNorm(1, 1e-5),
            "Invalid batchNorm momentum 1.0: it must be at least 0 and below 1"),
        refusal(
            () -> new BatchNorm(0.9, 0),
            "Invalid batchNorm epsilon 0.0: it must be above 0 and below 1"),
        refusal(
            () -> new ActivationLayer(Activation.SOFTMAX),
            "Invalid activation layer softmax: give softmax to the last dense layer,"
                + " { dense = classes, activation = softmax }"),
        refusal(
            () -> new ZeroPadding(0, 0, -2, 0),
            "Invalid zeroPadding [0, 0, -2, 0]: every count must be at least 0"),
        refusal(
            () -> new Shape.Image(0, 2, 3),
            "Invalid shape 0 x 2 x 3: every side must be at least 1"),
        refusal(() -> new Shape.Vector(0), "Invalid vector of 0 values: it must have at least 1"));
  }

  private static Arguments refusal(ThrowingCallable making, String message) {
    return Arguments.of(making, message);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesValuesOutOfRange(ThrowingCallable making, String message) {
    assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  static Stream<LayerSpec> pictureLayers() {
    return Stream.of(
        Convolution.of(1, 3, Padding.SAME, Activation.RELU),
        Pooling.of(PoolingKind.MAX, 2),
        new GlobalPooling(PoolingKind.AVERAGE),
        new ZeroPadding(1, 1, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("pictureLayers")
  void rejectsAFlatListWhereAPictureIsNeeded(LayerSpec layer) {
    assertThatThrownBy(() -> layer.outputShape(LIST))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            layer.kind()
                + " needs a picture (height x width x channels) but gets a flat list of 12 values."
                + " A flatten, dense or globalPool before it has removed height and width."
                + " Move it before that layer.");
  }

  @Test
  void denseRejectsAPicture() {
    assertThatThrownBy(() -> Dense.of(10, Activation.RELU).outputShape(PICTURE))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "dense needs a flat list of values but gets a picture of 5 x 7 x 3"
                + " (height x width x channels). Put { flatten {} } or { globalPool = average }"
                + " before it.");
  }
}
