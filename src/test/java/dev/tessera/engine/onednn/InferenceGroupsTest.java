package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceGroupsTest {
  private static final int CLASSES = 5;

  /** Probabilities, of sums in other orders. */
  private static final double TOLERANCE = 1e-5;

  /** Of probabilities whose values before softmax are off by a few of 256 parts. */
  private static final double BFLOAT16_TOLERANCE = 0.02;

  /**
   * @param batch examples of a minibatch
   * @param size examples of a group, fewer
   * @param last the layer that is the last to run in groups
   */
  private record Case(NetworkSpec network, int side, int batch, int size, String last) {
    Workload workload() {
      return Workloads.of(
          network.compile(new Shape.Image(side, side, 3), CLASSES),
          PixelScaling.unit(3),
          new Updater.Nesterov(0.9),
          0,
          batch);
    }

    Minibatch minibatch() {
      return EngineCase.minibatch(new Shape.Image(side, side, 3), CLASSES, batch, 3);
    }

    @Override
    public String toString() {
      return network.name() + " of " + batch + " pictures of " + side;
    }
  }

  private static Case named(String network, int side, int batch, int size, String last) {
    return new Case(NamedNetworks.named(network), side, batch, size, last);
  }

  private static NodeSpec node(String name, LayerSpec layer, String... inputs) {
    return new NodeSpec(name, List.of(inputs), layer);
  }

  private static LayerSpec convolution(int filters) {
    return Convolution.of(filters, 3, Padding.SAME, Activation.RELU);
  }

  private static NetworkSpec graph(String name, NodeSpec... hidden) {
    Stream<NodeSpec> end =
        Stream.of(
            node("pooled", new GlobalPooling(PoolingKind.AVERAGE), "last"),
            node("output", Dense.of(Dense.CLASSES, Activation.SOFTMAX), "pooled"));
    return new NetworkSpec(name, Stream.concat(Stream.of(hidden), end).toList());
  }

  /** Nothing can be cut between a join and the layers it reads. */
  private static NetworkSpec joined() {
    return graph(
        "joined",
        node("first", convolution(32), NodeSpec.NETWORK_INPUT),
        node("second", convolution(32), "first"),
        node("sum", new Add(Activation.RELU), "second", "first"),
        node("third", convolution(7), "sum"),
        node("both", new Concat(), "third", "sum"),
        node("last", Pooling.of(PoolingKind.MAX, 2), "both"));
  }

  /** The picture is read again after the only place to cut. */
  private static NetworkSpec readingThePictureAgain() {
    return graph(
        "picture",
        node("first", convolution(64), NodeSpec.NETWORK_INPUT),
        node("second", convolution(32), "first"),
        node("norm", BatchNorm.DEFAULT, "second"),
        node("last", new Concat(), "norm", NodeSpec.NETWORK_INPUT));
  }

  static List<Case> cases() {
    return List.of(
        named("reference", 64, 11, 4, "globalPool1"),
        named("reference", 64, 1, 1, ""),
        named("reference", 128, 3, 1, "globalPool1"),
        named("article", 40, 50, 10, "flatten1"),
        named("lenet5", 28, 64, 64, ""),
        named("resnet18", 64, 64, 8, "block2-2"),
        named("mobilenet", 64, 24, 8, "activation11"),
        new Case(joined(), 40, 20, 5, "pooled"),
        new Case(readingThePictureAgain(), 40, 16, 4, "pooled"));
  }

  private static List<Case> inGroups() {
    return cases().stream().filter(c -> c.size < c.batch).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void endWhereWeightsCostMoreThanValues(Case c) {
    List<Stage> stages = Fusion.stages(c.workload().network(), false);
    InferenceGroups groups = InferenceGroups.of(stages, Float.BYTES, c.batch, 1);
    String last =
        groups.stages() == 0
            ? ""
            : c.workload().network().layers().get(stages.get(groups.stages() - 1).output()).name();
    assertThat(last).isEqualTo(c.last);
    assertThat(groups.size()).isEqualTo(c.size);
  }

  @ParameterizedTest
  @MethodSource("inGroups")
  void inferWhatDl4jInfers(Case c) {
    Workload workload = c.workload();
    ReplicaState trained = trained(workload);
    float[] reference = new float[c.batch * CLASSES];
    try (Replica replica = new Nd4jEngine().open(workload, 1)) {
      replica.load(trained);
      replica.infer(c.minibatch(), reference);
    }
    assertThat(doubles(inferred(c, trained, Precision.FLOAT)))
        .containsExactly(doubles(reference), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("inGroups")
  void inferInBfloat16NearlyWhatTheyInferInFloat(Case c) {
    Assumptions.assumeTrue(
        OneDnn.multipliesBfloat16(), "the processor has neither avx512_bf16 nor amx");
    ReplicaState trained = trained(c.workload());
    float[] exact = inferred(c, trained, Precision.FLOAT);
    float[] rounded = inferred(c, trained, Precision.BFLOAT16);
    assertThat(doubles(rounded)).containsExactly(doubles(exact), within(BFLOAT16_TOLERANCE));
    assertThat(rounded).isNotEqualTo(exact);
  }

  /** After a training step, and twice: what is prepared for inference stays or is made again. */
  private static float[] inferred(Case c, ReplicaState state, Precision precision) {
    Workload workload = c.workload();
    float[] first = new float[c.batch * CLASSES];
    float[] second = new float[c.batch * CLASSES];
    try (OneDnnReplica replica = new OneDnnReplica(workload, precision, new OpenMpThreads(1))) {
      assertThat(replica.operations(false).stream().map(Operation::name))
          .anyMatch(name -> name.endsWith("of all examples"));
      replica.load(workload.initialState(2));
      replica.step(c.minibatch(), new StepSettings(0.01, 1, 1));
      replica.load(state);
      replica.infer(c.minibatch(), first);
      replica.infer(c.minibatch(), second);
    }
    assertThat(second).isEqualTo(first);
    return first;
  }

  /** With running moments that are not those of the start. */
  private static ReplicaState trained(Workload workload) {
    ReplicaState state = workload.initialState(4);
    try (Replica replica = new OneDnnEngine(Precision.FLOAT).open(workload, 1)) {
      replica.load(state);
      for (int i = 0; i < 3; i++) {
        Minibatch minibatch =
            EngineCase.minibatch(workload.network().input(), CLASSES, workload.batchSize(), i);
        replica.step(minibatch, new StepSettings(0.01, i, i));
      }
      replica.store(state);
    }
    return state;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** Eleven pictures in groups of four: the eighth is in two. */
  @Test
  void giveAnExampleTheSameInWhicheverGroupItIs() {
    Case c = cases().get(0);
    Workload workload = c.workload();
    Shape.Image image = workload.network().input();
    Minibatch same = new Minibatch(image, c.batch);
    byte[] pixels = Arrays.copyOf(c.minibatch().pixels(), image.size());
    PixelBlock block = new PixelBlock(image, pixels, new int[1], new String[] {"random"});
    for (int i = 0; i < c.batch; i++) {
      same.add(block, 0);
    }
    float[] probabilities = new float[c.batch * CLASSES];
    try (Replica replica = new OneDnnEngine(Precision.FLOAT).open(workload, 1)) {
      replica.load(trained(workload));
      replica.infer(same, probabilities);
    }
    float[] first = Arrays.copyOf(probabilities, CLASSES);
    for (int i = 1; i < c.batch; i++) {
      assertThat(Arrays.copyOfRange(probabilities, i * CLASSES, (i + 1) * CLASSES))
          .as("example %d", i)
          .isEqualTo(first);
    }
  }
}
