package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.Initialiser;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Convolutions by fewer multiplications beside direct ones, which replicas of more threads run, and
 * which the contract of all engines holds against a reference in double.
 */
class WinogradStageTest {
  private static final int CLASSES = 3;
  private static final String COLUMNS_APART = "columns apart";
  private static final String VALID = "valid";
  private static final String JOINED = "joined";
  private static final String POOLED = "three with pools and dropout";
  private static final String PIECES = "pieces";
  private static final int DIRECT_THREADS = 3;

  /** Probabilities and losses, of order 1, behind sums of a few hundred values. */
  private static final double VALUE_TOLERANCE = 2e-6;

  /** Of the largest movement of a layer's weights, or its biases, in a step. */
  private static final double MOVEMENT_TOLERANCE = 1e-5;

  /** Parameters of order 1 in float, off by one or two units in the last place. */
  private static final double PARAMETER_ROUNDING = 3e-7;

  /** Three steps. */
  private static final double FEW_STEPS_TOLERANCE = 1e-6;

  /** Ten steps, in which differences grow. */
  private static final double TEN_STEPS_TOLERANCE = 5e-5;

  @BeforeEach
  void onlyWhereOneDnnHasBlockedCode() {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "it is left to direct convolutions there");
    Assumptions.assumeTrue(
        OneDnn.instructionSet().startsWith("avx") && !OneDnn.instructionSet().equals("avx"),
        "gradients have no blocked code before AVX2");
  }

  /** A network with one convolution or more that has fewer multiplications. */
  record Case(String name, Shape.Image input, int batch, NetworkSpec network) {
    @Override
    public String toString() {
      return name;
    }

    Workload workload() {
      return Workloads.of(
          network.compile(input, CLASSES), PixelScaling.unit(3), new Updater.Sgd(), 0.01, batch);
    }

    Minibatch minibatch(int step) {
      return EngineCase.minibatch(input, CLASSES, batch, step);
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    Convolution same = filters(32);
    Convolution wide = Convolution.of(128, 1, Padding.SAME, Activation.TANH);
    for (int height : new int[] {4, 7, 8, 11, 15}) {
      cases.add(of("height " + height, height, 9, filters(64)));
    }
    cases.add(of(VALID, 13, 9, convolution(32, 3, 3, Padding.VALID, 1, Activation.TANH, true)));
    cases.add(of("full", 10, 6, convolution(32, 3, 3, Padding.FULL, 1, Activation.RELU, true)));
    cases.add(
        of(
            "more zeros than rows of the kernel",
            7,
            6,
            // Not relu, which has no one gradient at 0: the sum of zeros is 0 in a direct
            // convolution, and rounding of what else is in the tile in the other.
            convolution(32, 3, 3, new Padding.Explicit(3, 2), 1, Activation.TANH, true)));
    cases.add(
        of("3 x 1", 8, 8, wide, convolution(128, 3, 1, Padding.SAME, 1, Activation.RELU, true)));
    cases.add(of("3 x 5", 8, 8, convolution(32, 3, 5, Padding.SAME, 1, Activation.RELU, true)));
    cases.add(of("3 x 4", 8, 8, convolution(32, 3, 4, Padding.SAME, 1, Activation.RELU, true)));
    cases.add(
        of(COLUMNS_APART, 8, 9, convolution(32, 3, 3, Padding.SAME, 2, Activation.RELU, true)));
    cases.add(of(PIECES, 24, 32, same));
    cases.add(
        of(
            PIECES + " without bias",
            22,
            24,
            convolution(32, 3, 3, Padding.VALID, 1, Activation.TANH, false),
            same));
    cases.add(of("one column", 64, 1, same));
    cases.add(of("80 filters", 8, 8, convolution(80, 3, 3, Padding.SAME, 1, Activation.ELU, true)));
    for (Activation activation :
        List.of(Activation.IDENTITY, Activation.SIGMOID, Activation.SWISH, Activation.LEAKY_RELU)) {
      cases.add(
          of(
              activation + " without bias",
              8,
              8,
              convolution(32, 3, 3, Padding.SAME, 1, activation, false)));
    }
    Convolution bare = convolution(32, 3, 3, Padding.SAME, 1, Activation.IDENTITY, false);
    cases.add(
        of(
            "batch norm, then relu",
            8,
            8,
            bare,
            BatchNorm.DEFAULT,
            new ActivationLayer(Activation.RELU)));
    cases.add(of("relu, then batch norm", 8, 8, same, BatchNorm.DEFAULT));
    cases.add(
        of(
            POOLED,
            16,
            16,
            same,
            Pooling.of(PoolingKind.MAX, 2),
            BatchNorm.DEFAULT,
            new Dropout(0.25),
            convolution(64, 3, 3, Padding.SAME, 1, Activation.RELU, true),
            convolution(48, 3, 3, Padding.SAME, 1, Activation.RELU, true)));
    cases.add(
        new Case(
            JOINED,
            new Shape.Image(8, 8, 3),
            9,
            new NetworkSpec(
                "custom",
                List.of(
                    node("first", Convolution.of(32, 1, Padding.SAME, Activation.RELU)),
                    node("second", bare),
                    node("third", BatchNorm.DEFAULT),
                    node("sum", new Add(Activation.RELU), "third", "first"),
                    node("pool", new GlobalPooling(PoolingKind.AVERAGE)),
                    node("out", Dense.of(Dense.CLASSES, Activation.SOFTMAX))))));
    return cases;
  }

  private static Convolution filters(int count) {
    return convolution(count, 3, 3, Padding.SAME, 1, Activation.RELU, true);
  }

  private static NodeSpec node(String name, LayerSpec layer, String... inputs) {
    return new NodeSpec(name, List.of(inputs), layer);
  }

  private static Convolution convolution(
      int filters,
      int height,
      int width,
      Padding padding,
      int dilation,
      Activation activation,
      boolean bias) {
    return new Convolution(
        filters,
        new Extent(height, width),
        Extent.ONE,
        padding,
        new Extent(1, dilation),
        1,
        activation,
        bias,
        Initialiser.GLOROT_NORMAL);
  }

  /** The given layers between a convolution that makes 32 channels and an output. */
  private static Case of(String name, int height, int width, LayerSpec... layers) {
    List<LayerSpec> all = new ArrayList<>();
    all.add(Convolution.of(32, 1, Padding.SAME, Activation.TANH));
    all.addAll(List.of(layers));
    all.add(Pooling.of(PoolingKind.AVERAGE, 1));
    all.add(new Flatten());
    all.add(Dense.of(Dense.CLASSES, Activation.SOFTMAX));
    int batch = 1000 / (height * width) + 9;
    return new Case(
        name, new Shape.Image(height, width, 3), batch, NetworkSpec.chain("custom", all));
  }

  private static Case named(String name) {
    return cases().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private static OneDnnReplica open(Workload workload, int threads) {
    OneDnnReplica replica =
        new OneDnnReplica(workload, Precision.FLOAT, new OpenMpThreads(threads));
    replica.load(workload.initialState(7));
    return replica;
  }

  private static List<String> slow(OneDnnReplica replica, boolean training) {
    return replica.operations(training).stream()
        .filter(operation -> Implementation.slowness(operation.implementation()) > 0)
        .map(Operation::name)
        .toList();
  }

  private static boolean hasPoints(OneDnnReplica replica, boolean training) {
    return waysToPoints(replica, training) > 0;
  }

  private static long waysToPoints(OneDnnReplica replica, boolean training) {
    return replica.operations(training).stream()
        .filter(operation -> operation.name().contains("input to points"))
        .count();
  }

  /** Ten examples, of which four go together in training and three in inference. */
  @Test
  void cutsMinibatchesIntoPieces() {
    try (OneDnnReplica replica = open(named(PIECES).workload(), 1)) {
      assertThat(waysToPoints(replica, false)).isEqualTo(4);
      assertThat(waysToPoints(replica, true)).as("forward and again backward").isEqualTo(6);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void infersWhatDirectConvolutionsInfer(Case c) {
    Workload workload = c.workload();
    float[] fewer = new float[c.batch() * CLASSES];
    float[] direct = new float[c.batch() * CLASSES];
    try (OneDnnReplica fast = open(workload, 1);
        OneDnnReplica reference = open(workload, DIRECT_THREADS)) {
      assertThat(hasPoints(fast, false)).isTrue();
      assertThat(slow(fast, false)).isEmpty();
      assertThat(hasPoints(reference, false)).isFalse();
      fast.infer(c.minibatch(3), fewer);
      reference.infer(c.minibatch(3), direct);
    }
    assertThat(doubles(fewer)).containsExactly(doubles(direct), within(VALUE_TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepsWhereDirectConvolutionsStep(Case c) {
    Workload workload = c.workload();
    StepSettings settings = new StepSettings(1.0, 0, 7);
    try (OneDnnReplica fast = open(workload, 1);
        OneDnnReplica reference = open(workload, DIRECT_THREADS)) {
      // Columns apart have no code for their gradients before AVX-512.
      boolean left = c.name().equals(COLUMNS_APART) && !OneDnn.hasAvx512();
      assertThat(hasPoints(fast, true)).isEqualTo(!left);
      assertThat(slow(fast, true)).isEmpty();
      assertThat(hasPoints(reference, true)).isFalse();
      StepResult result = fast.step(c.minibatch(1), settings);
      StepResult expected = reference.step(c.minibatch(1), settings);
      assertThat(result.loss()).isCloseTo(expected.loss(), within(VALUE_TOLERANCE));
      assertThatMovementsAgree(workload, stored(fast, workload), stored(reference, workload));
    }
  }

  /** Of every parameter by itself: what is wrong with small gradients shows too. */
  private static void assertThatMovementsAgree(
      Workload workload, ReplicaState moved, ReplicaState right) {
    float[] start = workload.initialState(7).parameters();
    for (ParameterBlock block : workload.network().blocks()) {
      double most = 0;
      double off = 0;
      for (int i = block.offset(); i < block.end(); i++) {
        most = Math.max(most, Math.abs((double) right.parameters()[i] - start[i]));
        off = Math.max(off, Math.abs((double) right.parameters()[i] - moved.parameters()[i]));
      }
      assertThat(off)
          .as(block.toString())
          .isLessThan(PARAMETER_ROUNDING + MOVEMENT_TOLERANCE * most);
    }
  }

  private static ReplicaState stored(Replica replica, Workload workload) {
    ReplicaState state = workload.initialState(7);
    replica.store(state);
    return state;
  }

  @ParameterizedTest
  @CsvSource({POOLED + ", 1", POOLED + ", 2", PIECES + ", 1"})
  void givesTheSameBitsAgain(String name, int threads) {
    Engine engine = new OneDnnEngine(Precision.FLOAT);
    assertThat(tenSteps(engine, named(name), threads).parameters())
        .isEqualTo(tenSteps(engine, named(name), threads).parameters());
  }

  /** A few steps: later ones would tell more of the network, whose maxima change over. */
  @Test
  void twoThreadsStepWhereOneSteps() {
    Case c = named(POOLED);
    try (OneDnnReplica two = open(c.workload(), 2);
        OneDnnReplica one = open(c.workload(), 1)) {
      assertThat(hasPoints(two, true)).isTrue();
      for (int i = 0; i < 3; i++) {
        two.step(c.minibatch(i), new StepSettings(0.02, i, i));
        one.step(c.minibatch(i), new StepSettings(0.02, i, i));
      }
      assertThat(difference(stored(two, c.workload()), stored(one, c.workload())))
          .isLessThan(FEW_STEPS_TOLERANCE);
    }
  }

  private static double difference(ReplicaState first, ReplicaState second) {
    double most = 0;
    for (int i = 0; i < first.parameters().length; i++) {
      most = Math.max(most, Math.abs((double) first.parameters()[i] - second.parameters()[i]));
    }
    return most;
  }

  @ParameterizedTest
  @ValueSource(strings = {VALID, JOINED})
  void tenStepsLeadWhereNd4jsLead(String name) {
    Case c = named(name);
    ReplicaState fast = tenSteps(new OneDnnEngine(Precision.FLOAT), c, 1);
    assertThat(difference(fast, tenSteps(new Nd4jEngine(), c, 1))).isLessThan(TEN_STEPS_TOLERANCE);
  }

  private static ReplicaState tenSteps(Engine engine, Case c, int threads) {
    Workload workload = c.workload();
    ReplicaState state = workload.initialState(4);
    try (Replica replica = engine.open(workload, threads)) {
      replica.load(state);
      for (int i = 0; i < 10; i++) {
        replica.step(c.minibatch(i), new StepSettings(0.02, i, i));
      }
      replica.store(state);
    }
    return state;
  }

  @Test
  void showsOfEveryLayerWhatDirectConvolutionsGive() {
    Case c = named(JOINED);
    List<float[]> fewer = shown(c, 1);
    List<float[]> direct = shown(c, DIRECT_THREADS);
    assertThat(fewer).hasSameSizeAs(direct);
    for (int i = 0; i < direct.size(); i++) {
      assertThat(doubles(fewer.get(i)))
          .containsExactly(doubles(direct.get(i)), within(10 * VALUE_TOLERANCE));
    }
  }

  private static List<float[]> shown(Case c, int threads) {
    List<float[]> layers = new ArrayList<>();
    try (OneDnnReplica replica = open(c.workload(), threads)) {
      replica.activations(c.minibatch(1), (layer, values) -> layers.add(values));
    }
    return layers;
  }

  /** An epoch's last minibatch may have too few pixels to pay for the ways of the weights. */
  @Test
  void changesOverToDirectConvolutionsForASmallMinibatchAndBack() {
    Case c = named(VALID);
    Workload workload = c.workload();
    Minibatch one = EngineCase.minibatch(c.input(), CLASSES, 1, 5);
    Workload small =
        Workloads.of(workload.network(), PixelScaling.unit(3), new Updater.Sgd(), 0.01, 1);
    StepSettings settings = new StepSettings(0.1, 0, 1);
    float[] inferred = new float[c.batch() * CLASSES];
    float[] expected = new float[c.batch() * CLASSES];
    try (OneDnnReplica replica = open(workload, 1);
        OneDnnReplica direct = open(small, DIRECT_THREADS);
        OneDnnReplica alone = open(small, 1);
        OneDnnReplica fresh = open(workload, 1)) {
      assertThat(hasPoints(alone, true)).isFalse();
      assertThat(hasPoints(replica, true)).isTrue();
      replica.step(one, settings);
      direct.step(one, settings);
      ReplicaState state = stored(replica, workload);
      assertThat(difference(state, stored(direct, small))).isLessThan(VALUE_TOLERANCE);
      replica.infer(c.minibatch(3), inferred);
      fresh.load(state);
      fresh.infer(c.minibatch(3), expected);
    }
    assertThat(inferred).isEqualTo(expected);
  }

  @Test
  void aWeightThatIsNotANumberMakesALossThatIsNone() {
    Case c = named(VALID);
    Workload workload = c.workload();
    ReplicaState broken = workload.initialState(7);
    int weight = workload.network().layers().get(1).parameters().get(1).offset();
    broken.parameters()[weight] = Float.NaN;
    try (OneDnnReplica replica = open(workload, 1)) {
      replica.load(broken);
      StepResult result = replica.step(c.minibatch(1), new StepSettings(0.1, 0, 1));
      assertThat(result.loss()).isNaN();
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
