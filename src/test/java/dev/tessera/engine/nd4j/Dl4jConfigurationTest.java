package dev.tessera.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class Dl4jConfigurationTest {
  private static final Map<String, String> KEYS =
      Map.of(
          "weights", "W",
          "bias", "b",
          "gamma", "gamma",
          "beta", "beta",
          "runningMean", "mean",
          "runningVariance", "var");

  static Stream<NetworkPlan> networks() {
    List<NetworkPlan> plans = new ArrayList<>();
    for (String name : NamedNetworks.names()) {
      plans.add(NamedNetworks.named(name).compile(new Shape.Image(32, 32, 3), 10));
    }
    plans.add(withEveryLayer());
    EngineCase.all().forEach(c -> plans.add(c.plan()));
    return plans.stream().filter(plan -> !Dl4jConfiguration.needsGraph(plan));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void parametersLieWhereThePlanSays(NetworkPlan plan) {
    try (Opened opened = new Opened(workload(plan, new Updater.Adam(0.9, 0.999, 1e-8), 0))) {
      MultiLayerNetwork network = opened.network;
      assertThat(network.numParams()).isEqualTo(plan.parameterCount());
      int blocks = 0;
      for (LayerPlan layer : plan.layers()) {
        for (ParameterBlock block : layer.parameters()) {
          INDArray array = layer(network, layer.name()).getParam(KEYS.get(block.name()));
          assertThat(array.offset()).as("offset of %s", block).isEqualTo(block.offset());
          assertThat(array.length()).as("length of %s", block).isEqualTo(block.size());
          checkShape(array, block.shape());
          blocks++;
        }
      }
      assertThat(network.paramTable()).hasSize(blocks);
      assertThat(network.getUpdater().getStateViewArray().length())
          .isEqualTo(2L * plan.trainableCount());
    }
  }

  /** Convolutions row by row, dense layers column by column, the rest has one dimension. */
  private static void checkShape(INDArray array, List<Integer> shape) {
    long[] expected = shape.stream().mapToLong(i -> i).toArray();
    if (expected.length == 1) {
      assertThat(array.isVectorOrScalar()).isTrue();
      return;
    }
    assertThat(array.shape()).isEqualTo(expected);
    char order = expected.length == 4 ? 'c' : 'f';
    long[] strides = Nd4j.create(DataType.FLOAT, expected, order).stride();
    for (int i = 0; i < expected.length; i++) {
      assertThat(array.stride(i)).isEqualTo(expected[i] == 1 ? array.stride(i) : strides[i]);
    }
  }

  private static Layer layer(MultiLayerNetwork network, String name) {
    return Arrays.stream(network.getLayers())
        .filter(l -> name.equals(l.conf().getLayer().getLayerName()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void updaterStateStartsAsInDl4j() {
    NetworkPlan plan = withEveryLayer();
    for (Updater updater : updaters()) {
      Workload workload = workload(plan, updater, 0);
      try (Opened opened = new Opened(workload)) {
        INDArray state = opened.network.getUpdater().getStateViewArray();
        float[] values = state == null ? new float[0] : state.dup('c').data().asFloat();
        assertThat(workload.initialState(1).updaterState()).as(updater.name()).isEqualTo(values);
      }
    }
  }

  private static List<Updater> updaters() {
    return List.of(
        new Updater.Sgd(),
        new Updater.Momentum(0.9),
        new Updater.Nesterov(0.9),
        new Updater.Adam(0.9, 0.999, 1e-8),
        new Updater.AdamW(0.9, 0.999, 1e-8, 0.01),
        new Updater.RmsProp(0.95, 1e-3),
        new Updater.AdaGrad(1e-3));
  }

  @Test
  void portableConfigurationSurvivesDl4jsJson() {
    for (Updater updater : updaters()) {
      var configuration =
          Dl4jConfiguration.portable(workload(withEveryLayer(), updater, 1e-4), 7, 0.01);
      String json = configuration.toJson();
      assertThat(json).doesNotContain("tessera");
      assertThat(org.deeplearning4j.nn.conf.MultiLayerConfiguration.fromJson(json).toJson())
          .isEqualTo(json);
    }
  }

  @Test
  void stepsLikePlainDl4jWithNesterov() {
    stepsLikePlainDl4j(new Updater.Nesterov(0.9));
  }

  @Test
  void stepsLikePlainDl4jWithAdam() {
    stepsLikePlainDl4j(new Updater.Adam(0.9, 0.999, 1e-8));
  }

  /** Equal bits, also in the last smaller minibatch. */
  private static void stepsLikePlainDl4j(Updater updater) {
    double learningRate = 0.02;
    Workload workload = workload(withoutDropout(), updater, 1e-3);
    ReplicaState state = workload.initialState(11);
    try (Opened plain = new Opened(workload, learningRate);
        Replica replica = new Nd4jEngine().open(workload, 1)) {
      plain.network.params().assign(Nd4j.createFromArray(state.parameters()));
      replica.load(state);
      for (int step = 0; step < 8; step++) {
        Minibatch minibatch = minibatch(workload, step < 7 ? 8 : 3, step);
        StepResult result = replica.step(minibatch, new StepSettings(learningRate, step, step));
        plain.network.fit(pictures(minibatch), labels(minibatch, 4));
        assertThat((float) result.regularisedLoss()).isCloseTo((float) plain.network.score(), LOSS);
      }
      replica.store(state);
      assertThat(state.parameters()).isEqualTo(plain.network.params().dup('c').data().asFloat());
      assertThat(state.updaterState())
          .isEqualTo(plain.network.getUpdater().getStateViewArray().dup('c').data().asFloat());
    }
  }

  /** DL4J sums its loss in float. */
  private static final org.assertj.core.data.Offset<Float> LOSS =
      org.assertj.core.api.Assertions.within(2e-6f);

  private static Minibatch minibatch(Workload workload, int size, int step) {
    return EngineCase.minibatch(workload.network().input(), 4, size, step);
  }

  private static INDArray pictures(Minibatch minibatch) {
    Shape.Image shape = minibatch.shape();
    INDArray array =
        Nd4j.create(
            DataType.FLOAT, minibatch.size(), shape.channels(), shape.height(), shape.width());
    int next = 0;
    for (int n = 0; n < minibatch.size(); n++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          for (int c = 0; c < shape.channels(); c++) {
            float value = (minibatch.pixels()[next++] & 0xff) * (1 / 255f);
            array.putScalar(new int[] {n, c, y, x}, value);
          }
        }
      }
    }
    return array;
  }

  private static INDArray labels(Minibatch minibatch, int classes) {
    INDArray array = Nd4j.zeros(DataType.FLOAT, minibatch.size(), classes);
    for (int n = 0; n < minibatch.size(); n++) {
      array.putScalar(new int[] {n, minibatch.labels()[n]}, 1);
    }
    return array;
  }

  private static Workload workload(NetworkPlan plan, Updater updater, double l2) {
    return Workloads.of(plan, PixelScaling.unit(plan.input().channels()), updater, l2, 8);
  }

  private static NetworkPlan withEveryLayer() {
    return plan(
        new ZeroPadding(1, 0, 1, 0),
        Convolution.of(3, 3, Padding.SAME, Activation.IDENTITY),
        BatchNorm.DEFAULT,
        new ActivationLayer(Activation.RELU),
        Pooling.of(PoolingKind.MAX, 2),
        new Dropout(0),
        new Convolution(
            5,
            new dev.tessera.network.Extent(1, 2),
            dev.tessera.network.Extent.ONE,
            Padding.FULL,
            dev.tessera.network.Extent.ONE,
            1,
            Activation.ELU,
            false,
            dev.tessera.network.Initialiser.LECUN_NORMAL),
        new Dropout(0.2),
        new Flatten(),
        new BatchNorm(0.8, 1e-4),
        Dense.of(7, Activation.LEAKY_RELU),
        new Dropout(0.5),
        Dense.of(Dense.CLASSES, Activation.SOFTMAX));
  }

  private static NetworkPlan withoutDropout() {
    return plan(
        Convolution.of(4, 3, Padding.SAME, Activation.RELU),
        Pooling.of(PoolingKind.MAX, 2),
        BatchNorm.DEFAULT,
        Convolution.of(6, 2, Padding.VALID, Activation.TANH),
        new Flatten(),
        Dense.of(8, Activation.RELU),
        BatchNorm.DEFAULT,
        Dense.of(Dense.CLASSES, Activation.SOFTMAX));
  }

  private static NetworkPlan plan(LayerSpec... layers) {
    return NetworkSpec.chain("custom", List.of(layers)).compile(new Shape.Image(9, 8, 3), 4);
  }

  /** A plain network of DL4J's, from its portable configuration. */
  private static final class Opened implements AutoCloseable {
    private final MultiLayerNetwork network;

    Opened(Workload workload) {
      this(workload, 0.1);
    }

    Opened(Workload workload, double learningRate) {
      network = new MultiLayerNetwork(Dl4jConfiguration.portable(workload, 1, learningRate));
      network.init(Nd4j.create(DataType.FLOAT, workload.network().parameterCount()), false);
    }

    @Override
    public void close() {
      network.params().close();
    }
  }
}
