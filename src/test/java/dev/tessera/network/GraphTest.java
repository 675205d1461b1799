package dev.tessera.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.Golden;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class GraphTest {
  private static final Shape.Image PICTURE = new Shape.Image(8, 8, 4);
  private static final NodeSpec POOL = NodeSpec.of(new GlobalPooling(PoolingKind.AVERAGE));
  private static final NodeSpec OUTPUT = NodeSpec.of(Dense.of(Dense.CLASSES, Activation.SOFTMAX));

  private static Convolution conv(int filters) {
    return Convolution.of(filters, 3, Padding.SAME, Activation.RELU);
  }

  private static Convolution grouped(int filters, int groups, boolean bias) {
    return new Convolution(
        filters,
        new Extent(3, 2),
        Extent.ONE,
        Padding.SAME,
        Extent.ONE,
        groups,
        Activation.RELU,
        bias,
        Initialiser.HE_NORMAL);
  }

  private static NodeSpec node(String name, LayerSpec layer, String... inputs) {
    return new NodeSpec(name, List.of(inputs), layer);
  }

  private static NetworkSpec network(NodeSpec... nodes) {
    return new NetworkSpec("custom", List.of(nodes));
  }

  @Test
  void joinsNameWhatTheyTake() {
    NetworkPlan plan =
        network(
                node("stem", conv(4)),
                node("", conv(4), "input"),
                node("sum", new Add(Activation.RELU), "stem", "conv2", "input"),
                node("", new Concat(), "sum", "stem"),
                POOL,
                OUTPUT)
            .compile(PICTURE, 3);
    assertThat(plan.layers().stream().map(LayerPlan::name))
        .containsExactly("stem", "conv2", "sum", "concat1", "globalPool1", "dense1");
    assertThat(plan.layers().stream().map(LayerPlan::sources))
        .containsExactly(
            List.of(-1), List.of(-1), List.of(0, 1, -1), List.of(2, 0), List.of(3), List.of(4));
    LayerPlan concat = plan.layers().get(3);
    assertThat(concat.inputs()).containsExactly(PICTURE, PICTURE);
    assertThat(concat.output()).isEqualTo(new Shape.Image(8, 8, 8));
    assertThat(plan.layers().get(5).input()).isEqualTo(new Shape.Vector(8));
    assertThat(plan.branches()).isTrue();
  }

  @Test
  void aChainTakesTheLayerBefore() {
    NetworkSpec chain = NetworkSpec.chain("custom", List.of(conv(2), POOL.layer(), OUTPUT.layer()));
    NetworkPlan plan = chain.compile(PICTURE, 3);
    assertThat(plan.layers().stream().map(LayerPlan::sources))
        .containsExactly(List.of(LayerPlan.NETWORK_INPUT), List.of(0), List.of(1));
    assertThat(plan.branches()).isFalse();
    assertThat(chain).isEqualTo(network(NodeSpec.of(conv(2)), POOL, OUTPUT));
  }

  @Test
  void concatOfListsHasAllTheirValues() {
    assertThat(new Concat().outputShape(List.of(new Shape.Vector(3), new Shape.Vector(4))))
        .isEqualTo(new Shape.Vector(7));
  }

  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(
            network(
                node("a", conv(3)),
                node("b", conv(4)),
                node("", new Add(Activation.RELU), "a", "b"),
                POOL,
                OUTPUT),
            2,
            "layer 3 (add1): add needs inputs of equal shape but gets 8 x 8 x 3 and 8 x 8 x 4. Sums"
                + " are taken element by element. Bring them to one shape, for example by a conv"
                + " with kernel = 1 on one of them."),
        Arguments.of(
            network(
                node("a", conv(3)),
                node("b", Pooling.of(PoolingKind.MAX, 2)),
                node("both", new Concat(), "a", "b"),
                POOL,
                OUTPUT),
            2,
            "layer 3 (both): concat needs pictures of equal height and width, or flat lists alone,"
                + " but gets 8 x 8 x 3 and 4 x 4 x 3. It puts channels after channels. Bring the"
                + " inputs to one height and width by stride, padding or pooling, or put"
                + " { flatten {} } after each."),
        Arguments.of(
            network(NodeSpec.of(conv(3)), NodeSpec.of(new Concat()), POOL, OUTPUT),
            1,
            "layer 2 (concat1): concat needs at least two inputs but gets one, of 8 x 8 x 3. Name"
                + " the layers it joins, for example { concat = [conv1, conv2] }."),
        Arguments.of(
            network(node("a", conv(3)), node("b", conv(4), "input"), POOL, OUTPUT),
            0,
            "layer 1 (a): no later layer takes its output of 8 x 8 x 3. Every output but the last"
                + " must go somewhere. Name it in the from, add or concat of a later layer, or"
                + " remove it."),
        Arguments.of(
            network(node("a", conv(3)), node("b", conv(4), "c"), node("c", conv(4)), POOL, OUTPUT),
            1,
            "layer 2 (b): there is no layer c before it. Layers take what comes before them. Use"
                + " one of input, a."),
        Arguments.of(
            network(node("a", conv(3)), node("", conv(4), "a", "input"), POOL, OUTPUT),
            1,
            "layer 2 (conv2): it has 2 inputs, of 8 x 8 x 3 and 8 x 8 x 4. Only add and concat take"
                + " more than one. Put one of them before it."),
        Arguments.of(
            network(node("a", conv(3)), node("", new Add(Activation.RELU), "a", "a"), POOL, OUTPUT),
            1,
            "layer 2 (add1): it takes a twice. Name every input once."),
        Arguments.of(
            network(node("conv2", conv(3)), NodeSpec.of(conv(4)), POOL, OUTPUT),
            1,
            "layer 2 (conv2): layer 1 has that name already. Inputs are found by name. Give this"
                + " layer another one."),
        Arguments.of(
            network(node("input", conv(3)), POOL, OUTPUT),
            0,
            "layer 1 (input): the picture has that name. Inputs are found by name. Give this layer"
                + " another one."),
        Arguments.of(
            network(node("my layer", conv(3)), POOL, OUTPUT),
            0,
            "layer 1 (my layer): the name has characters that a name can't have. Begin it with a"
                + " letter and go on with letters, digits, - and _."),
        Arguments.of(
            network(NodeSpec.of(grouped(6, 3, true)), POOL, OUTPUT),
            0,
            "layer 1 (conv1): groups = 3 does not divide the 4 channels of its input of 8 x 8 x 4"
                + " (height x width x channels). Every group gets as many channels. Use a divisor"
                + " of 4."),
        Arguments.of(
            network(NodeSpec.of(grouped(7, 2, true)), POOL, OUTPUT),
            0,
            "layer 1 (conv1): groups = 2 does not divide its 7 filters. Every group makes as many"
                + " channels. Use a multiple of 2 filters."),
        Arguments.of(
            network(NodeSpec.of(grouped(6, Convolution.DEPTHWISE, true)), POOL, OUTPUT),
            0,
            "layer 1 (conv1): groups = depthwise, here 4 for an input of 8 x 8 x 4, does not divide"
                + " its 6 filters. Every group makes as many channels. Use a multiple of 4"
                + " filters."));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void saysWhatDoesNotGoTogether(NetworkSpec network, int layer, String message) {
    assertThatThrownBy(() -> network.compile(PICTURE, 3))
        .isInstanceOfSatisfying(NetworkException.class, e -> assertThat(e.layer()).isEqualTo(layer))
        .hasMessage(message);
  }

  @Test
  void depthwiseTakesTheInputsChannels() {
    NetworkPlan plan =
        network(NodeSpec.of(grouped(8, Convolution.DEPTHWISE, true)), POOL, OUTPUT)
            .compile(PICTURE, 3);
    LayerPlan conv = plan.layers().get(0);
    assertThat(((Convolution) conv.spec()).groups()).isEqualTo(4);
    assertThat(conv.output()).isEqualTo(new Shape.Image(8, 8, 8));
    assertThat(conv.parameters())
        .containsExactly(
            new ParameterBlock("bias", ParameterRole.BIAS, List.of(8), 0),
            new ParameterBlock("weights", ParameterRole.WEIGHT, List.of(3, 2, 4, 2), 8));
  }

  @Test
  void groupsHaveTheirOwnBlocks() {
    assertThat(grouped(6, 2, true).parameters(PICTURE, 10))
        .containsExactly(
            new ParameterBlock("bias1", ParameterRole.BIAS, List.of(3), 10),
            new ParameterBlock("weights1", ParameterRole.WEIGHT, List.of(3, 2, 3, 2), 13),
            new ParameterBlock("bias2", ParameterRole.BIAS, List.of(3), 49),
            new ParameterBlock("weights2", ParameterRole.WEIGHT, List.of(3, 2, 3, 2), 52));
    assertThat(grouped(6, 2, false).parameters(PICTURE, 10).stream().map(ParameterBlock::offset))
        .containsExactly(10, 46);
  }

  @Test
  void oneChannelOfItsOwnGroupIsAnOrdinaryConvolution() {
    Shape.Image grey = new Shape.Image(8, 8, 1);
    NetworkPlan plan =
        network(NodeSpec.of(grouped(6, Convolution.DEPTHWISE, true)), POOL, OUTPUT)
            .compile(grey, 3);
    assertThat(plan.layers().get(0).spec()).isEqualTo(grouped(6, 1, true));
    assertThat(plan.layers().get(0).parameters())
        .isEqualTo(grouped(6, 1, true).parameters(grey, 0));
  }

  @Test
  void weightsOfAGroupStartByItsOwnInputs() {
    Shape.Image input = new Shape.Image(8, 8, 64);
    for (int groups : new int[] {2, 64}) {
      NetworkPlan plan =
          network(NodeSpec.of(grouped(1024, groups, false)), POOL, OUTPUT).compile(input, 3);
      float[] parameters = plan.initialParameters(1);
      double squares = 0;
      int count = plan.layers().get(0).parameterCount();
      for (int i = 0; i < count; i++) {
        squares += parameters[i] * parameters[i];
      }
      double fanIn = 64.0 / groups * 6;
      assertThat(squares / count * fanIn).isCloseTo(2, within(0.1));
    }
  }

  @Test
  void softmaxIsNotForSums() {
    assertThatThrownBy(() -> new Add(Activation.SOFTMAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid add with activation softmax");
    assertThatThrownBy(() -> grouped(4, -1, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid conv of -1 groups: it must have at least 1, or `depthwise`");
  }

  @Test
  void summaryNamesWhereBranchesComeFrom() {
    NetworkSpec network =
        network(
            node("stem", conv(4)),
            node("", grouped(8, Convolution.DEPTHWISE, false)),
            node("", grouped(4, 2, true)),
            node("sum", new Add(Activation.RELU), "stem", "conv3"),
            node("", Pooling.of(PoolingKind.MAX, 2), "input"),
            node("", new ZeroPadding(2, 2, 2, 2)),
            node("", new Concat(), "sum", "zeroPadding1", "stem"),
            POOL,
            OUTPUT);
    Golden.check("summary-branches.txt", NetworkSummary.of(network.compile(PICTURE, 3)));
  }
}
