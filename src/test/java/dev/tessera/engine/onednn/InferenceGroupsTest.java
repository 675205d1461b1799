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
import dev.tessera.engine.onednn.InferenceGroups.Rule;
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
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceGroupsTest {
  private static final int CLASSES = 5;

  /** Of a few of seven small pictures. */
  private static final long SOME_BYTES = 4000;

  /** Probabilities, of sums in other orders. */
  private static final double TOLERANCE = 1e-5;

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

    /**
     * Pictures of as many brightnesses.
     *
     * @param first which of them comes first, before those after it and those before it
     */
    Minibatch minibatch(int size, int first) {
      Shape.Image image = new Shape.Image(side, side, 3);
      Minibatch random = EngineCase.minibatch(image, CLASSES, batch, 3);
      byte[] pixels = new byte[batch * image.size()];
      for (int i = 0; i < pixels.length; i++) {
        int brightness = i / image.size() + 1;
        pixels[i] = (byte) ((random.pixels()[i] & 0xff) * brightness / batch);
      }
      String[] origins = Collections.nCopies(batch, "random").toArray(new String[0]);
      PixelBlock block = new PixelBlock(image, pixels, random.labels(), origins);
      Minibatch minibatch = new Minibatch(image, batch);
      for (int i = 0; i < size; i++) {
        minibatch.add(block, (first + i) % batch);
      }
      return minibatch;
    }

    Minibatch minibatch() {
      return minibatch(batch, 0);
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

  private static InferenceGroups groups(Case c, int threads) {
    return InferenceGroups.of(
        Fusion.stages(c.workload().network(), false), Float.BYTES, c.batch, threads, Rule.USUAL);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void endWhereWeightsCostMoreThanValues(Case c) {
    List<Stage> stages = Fusion.stages(c.workload().network(), false);
    InferenceGroups groups = groups(c, 1);
    String last = "";
    if (groups.stages() > 0) {
      int output = stages.get(groups.stages() - 1).output();
      last = c.workload().network().layers().get(output).name();
    }
    assertThat(last).isEqualTo(c.last);
    assertThat(groups.size()).isEqualTo(c.size);
  }

  @Test
  void areLargerWithMoreThreads() {
    Case c = cases().get(0);
    assertThat(groups(c, 1).size()).isEqualTo(4);
    assertThat(groups(c, 2).size()).isEqualTo(6);
    assertThat(groups(c, 3).size()).as("all eleven").isEqualTo(11);
  }

  /** Four at a time, five would compute eight, in threes six. */
  @Test
  void areNoneWhereTooManyExamplesWouldBeComputedTwice() {
    assertThat(groups(named("reference", 64, 5, 5, ""), 1).stages()).isZero();
    assertThat(groups(named("reference", 64, 6, 3, ""), 1).size()).isEqualTo(3);
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
    assertThat(leastDistance(reference)).as("between examples").isGreaterThan(3 * TOLERANCE);
    for (int threads = 1; threads <= 2; threads++) {
      assertThat(doubles(inferred(c, trained, Precision.FLOAT, threads)))
          .as("%d threads", threads)
          .containsExactly(doubles(reference), within(TOLERANCE));
    }
  }

  /** The largest difference of two neighbouring rows, where that is smallest. */
  private static double leastDistance(float[] rows) {
    double least = Double.MAX_VALUE;
    for (int i = CLASSES; i < rows.length; i += CLASSES) {
      double most = 0;
      for (int k = i; k < i + CLASSES; k++) {
        most = Math.max(most, Math.abs(rows[k] - rows[k - CLASSES]));
      }
      least = Math.min(least, most);
    }
    return least;
  }

  @ParameterizedTest
  @MethodSource("inGroups")
  void inferInBfloat16NearlyWhatTheyInferInFloat(Case c) {
    Assumptions.assumeTrue(
        OneDnn.multipliesBfloat16(), "the processor has neither avx512_bf16 nor amx");
    ReplicaState trained = trained(c.workload());
    float[] exact = inferred(c, trained, Precision.FLOAT, 1);
    float[] rounded = inferred(c, trained, Precision.BFLOAT16, 1);
    float[] next = rotated(exact, 1);
    assertThat(distance(rounded, exact))
        .as("beside %f to the next example", distance(next, exact))
        .isPositive()
        .isLessThan(distance(next, exact) / 3);
  }

  /** Root mean square of the difference. */
  private static double distance(float[] one, float[] other) {
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      squares += Math.pow(one[i] - other[i], 2);
    }
    return Math.sqrt(squares / one.length);
  }

  /** The row of example {@code first} first, those before it last. */
  private static float[] rotated(float[] rows, int first) {
    float[] rotated = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rotated[i] = rows[(i + first * CLASSES) % rows.length];
    }
    return rotated;
  }

  private static float[] inferred(Case c, ReplicaState state, Precision precision, int threads) {
    float[] probabilities = new float[c.batch * CLASSES];
    try (OneDnnReplica replica =
        new OneDnnReplica(c.workload(), precision, new OpenMpThreads(threads))) {
      assertThat(isInGroups(replica)).isEqualTo(threads == 1 || groups(c, threads).stages() > 0);
      replica.load(state);
      replica.infer(c.minibatch(), probabilities);
    }
    return probabilities;
  }

  private static boolean isInGroups(OneDnnReplica replica) {
    return replica.operations(false).stream()
        .anyMatch(operation -> operation.name().endsWith("of all examples"));
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
    float[] straight = new float[c.batch * CLASSES];
    float[] turned = new float[c.batch * CLASSES];
    try (OneDnnReplica replica = open(c)) {
      replica.infer(c.minibatch(), straight);
      replica.infer(c.minibatch(c.batch, 3), turned);
    }
    assertThat(leastDistance(straight)).isPositive();
    assertThat(turned).isEqualTo(rotated(straight, 3));
  }

  private static OneDnnReplica open(Case c) {
    OneDnnReplica replica = new OneDnnReplica(c.workload(), Precision.FLOAT, new OpenMpThreads(1));
    replica.load(trained(c.workload()));
    return replica;
  }

  /** All work in one region of memory, one after the other. */
  @Test
  void inferTheSameWhateverTheReplicaDidBefore() {
    Case c = cases().get(0);
    float[] full = new float[c.batch * CLASSES];
    float[] fewer = new float[9 * CLASSES];
    float[] fullAgain = new float[full.length];
    float[] fewerAgain = new float[fewer.length];
    try (OneDnnReplica replica = open(c)) {
      replica.infer(c.minibatch(), full);
      replica.infer(c.minibatch(9, 0), fewer);
      replica.activations(c.minibatch(2, 0), (layer, values) -> {});
      replica.infer(c.minibatch(), fullAgain);
      replica.infer(c.minibatch(9, 0), fewerAgain);
    }
    assertThat(fullAgain).isEqualTo(full);
    assertThat(fewerAgain).isEqualTo(fewer);
    assertThat(doubles(fewer))
        .containsExactly(doubles(Arrays.copyOf(full, fewer.length)), within(TOLERANCE));
  }

  @Test
  void inferByTheParametersThatAStepHasLeft() {
    Case c = cases().get(0);
    float[] before = new float[c.batch * CLASSES];
    float[] after = new float[c.batch * CLASSES];
    float[] reference = new float[c.batch * CLASSES];
    ReplicaState state = c.workload().initialState(4);
    try (OneDnnReplica replica = open(c)) {
      replica.infer(c.minibatch(), before);
      replica.step(c.minibatch(), new StepSettings(0.05, 4, 4));
      replica.infer(c.minibatch(), after);
      replica.store(state);
    }
    try (OneDnnReplica replica = open(c)) {
      replica.load(state);
      replica.infer(c.minibatch(), reference);
    }
    assertThat(after).isEqualTo(reference);
    assertThat(distance(before, after)).isGreaterThan(TOLERANCE);
  }

  static List<EngineCase> kinds() {
    return EngineCase.all().stream()
        .map(c -> new EngineCase(c.name(), c.input(), c.classes(), 7, c.network()))
        .toList();
  }

  /** Every kind of layer and of join, in groups of one and of some. */
  @ParameterizedTest
  @MethodSource("kinds")
  void inferWhatTheWholeMinibatchInfers(EngineCase c) {
    float[] whole = inferred(c, new Rule(Long.MAX_VALUE / 2, 1, 1));
    for (long cacheBytes : List.of(1L, 1500L, SOME_BYTES)) {
      assertThat(doubles(inferred(c, new Rule(cacheBytes, 1, 3))))
          .as("%d bytes", cacheBytes)
          .containsExactly(doubles(whole), within(TOLERANCE));
    }
  }

  private static float[] inferred(EngineCase c, Rule rule) {
    Workload workload = c.workload(new Updater.Sgd(), 0);
    float[] probabilities = new float[c.batch() * workload.network().outputLayer().units()];
    try (OneDnnReplica replica =
        new OneDnnReplica(workload, Precision.FLOAT, new OpenMpThreads(1), rule)) {
      replica.load(new ReplicaState(c.parameters(), new float[0]));
      replica.infer(c.minibatch(c.batch(), 2), probabilities);
    }
    return probabilities;
  }

  /** Or the comparison above would compare nothing. */
  @Test
  void cutMostKindsOfNetworks() {
    List<InferenceGroups> groups =
        kinds().stream()
            .map(
                c ->
                    InferenceGroups.of(
                        Fusion.stages(c.workload(new Updater.Sgd(), 0).network(), false),
                        Float.BYTES,
                        c.batch(),
                        1,
                        new Rule(SOME_BYTES, 1, 3)))
            .toList();
    assertThat(groups).filteredOn(g -> g.stages() > 0).hasSizeGreaterThan(groups.size() / 2);
    assertThat(groups).filteredOn(g -> g.stages() > 0 && 7 % g.size() > 0).hasSizeGreaterThan(10);
  }
}
