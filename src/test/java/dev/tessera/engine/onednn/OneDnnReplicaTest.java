package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OneDnnReplicaTest {
  /** Ten float steps on two engines that sum in different orders. */
  private static final double TEN_STEPS_TOLERANCE = 5e-5;

  /**
   * bfloat16 keeps 8 bits: every value is off by up to 1/256 of itself, a handful of layers stand
   * behind one another, and with three examples little of it averages out: up to 0.065 was seen.
   */
  private static final double BFLOAT16_TOLERANCE = 0.1;

  /** Root mean square of the difference over that of a layer's values: up to 0.005 was seen. */
  private static final double BFLOAT16_ACTIVATIONS = 0.01;

  private static Workload workload(
      String name, int side, int batch, Updater updater, LayerSpec... layers) {
    NetworkSpec spec =
        layers.length == 0 ? NamedNetworks.named(name) : NetworkSpec.chain(name, List.of(layers));
    return new Workload(
        spec.compile(new Shape.Image(side, side, 3), 5),
        PixelScaling.unit(3),
        Objective.PLAIN,
        updater,
        Regularisation.NONE,
        GradientClipping.NONE,
        batch);
  }

  private static Workload small(Updater updater) {
    return workload(
        "custom",
        10,
        6,
        updater,
        Convolution.of(7, 3, Padding.SAME, Activation.RELU),
        Pooling.of(PoolingKind.MAX, 2),
        BatchNorm.DEFAULT,
        Convolution.of(5, 3, Padding.VALID, Activation.TANH),
        BatchNorm.DEFAULT,
        new Flatten(),
        Dense.of(9, Activation.RELU),
        Dense.of(Dense.CLASSES, Activation.SOFTMAX));
  }

  @ParameterizedTest
  @MethodSource("dev.tessera.engine.EngineContract#updaters")
  void tenStepsLeaveTheParametersAndUpdaterStateThatNd4jLeaves(Updater updater) {
    Workload workload = small(updater);
    ReplicaState reference = tenSteps(new Nd4jEngine(), workload);
    ReplicaState fast = tenSteps(new OneDnnEngine(Precision.FLOAT), workload);
    assertThat(doubles(fast.parameters()))
        .containsExactly(doubles(reference.parameters()), within(TEN_STEPS_TOLERANCE));
    assertThat(doubles(fast.updaterState()))
        .containsExactly(doubles(reference.updaterState()), within(TEN_STEPS_TOLERANCE));
  }

  private static ReplicaState tenSteps(Engine engine, Workload workload) {
    ReplicaState state = workload.initialState(4);
    try (Replica replica = engine.open(workload, 1)) {
      replica.load(state);
      for (int i = 0; i < 10; i++) {
        replica.step(minibatch(workload, i), new StepSettings(0.02, i, i));
      }
      replica.store(state);
    }
    return state;
  }

  private static Minibatch minibatch(Workload workload, int step) {
    return EngineCase.minibatch(workload.network().input(), 5, workload.batchSize(), step);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  @ParameterizedTest
  @MethodSource("dev.tessera.engine.EngineCase#all")
  void bfloat16StaysNearFloat(EngineCase c) {
    Assumptions.assumeTrue(
        OneDnn.multipliesBfloat16(), "the processor has neither avx512_bf16 nor amx");
    Workload workload = c.workload(new Updater.Sgd(), 0);
    float[] exact = afterOneStep(c, workload, Precision.FLOAT);
    float[] rounded = afterOneStep(c, workload, Precision.BFLOAT16);
    float[] before = c.parameters();
    double difference = 0;
    double size = 0;
    for (int i = 0; i < before.length; i++) {
      difference += square(rounded[i] - exact[i]);
      size += square(exact[i] - before[i]);
    }
    assertThat(Math.sqrt(difference / size)).isLessThan(BFLOAT16_TOLERANCE);
  }

  private static double square(double value) {
    return value * value;
  }

  private static float[] afterOneStep(EngineCase c, Workload workload, Precision precision) {
    try (Replica replica = new OneDnnEngine(precision).open(workload, 1)) {
      replica.load(new ReplicaState(c.parameters(), new float[0]));
      replica.step(c.minibatch(c.batch(), 1), new StepSettings(1, 0, 1));
      ReplicaState state = ReplicaState.zeros(workload);
      replica.store(state);
      return state.parameters();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tessera.engine.EngineCase#all")
  void everyLayerOfBfloat16StaysNearFloat(EngineCase c) {
    Assumptions.assumeTrue(
        OneDnn.multipliesBfloat16(), "the processor has neither avx512_bf16 nor amx");
    List<float[]> exact = activations(c, Precision.FLOAT);
    List<float[]> rounded = activations(c, Precision.BFLOAT16);
    assertThat(exact).isNotEmpty().hasSameSizeAs(rounded);
    for (int layer = 0; layer < exact.size(); layer++) {
      double difference = 0;
      double size = 0;
      for (int i = 0; i < exact.get(layer).length; i++) {
        difference += square(rounded.get(layer)[i] - exact.get(layer)[i]);
        size += square(exact.get(layer)[i]);
      }
      assertThat(Math.sqrt(difference / size)).isLessThan(BFLOAT16_ACTIVATIONS);
    }
  }

  private static List<float[]> activations(EngineCase c, Precision precision) {
    List<float[]> layers = new ArrayList<>();
    try (Replica replica = new OneDnnEngine(precision).open(c.workload(new Updater.Sgd(), 0), 1)) {
      replica.load(new ReplicaState(c.parameters(), new float[0]));
      replica.activations(c.minibatch(c.batch(), 1), (layer, values) -> layers.add(values));
    }
    return layers;
  }

  /** Of a fresh replica in memory of their own, after inference in the memory that is there. */
  @Test
  void activationsLeaveNoMemoryBehind() {
    Workload workload = workload("resnet18", 64, 8, new Updater.Nesterov(0.9));
    Minibatch minibatch = minibatch(workload, 1);
    try (OneDnnReplica replica =
        new OneDnnReplica(workload, Precision.FLOAT, new OpenMpThreads(1))) {
      long held = replica.nativeBytes();
      long before = Pointer.totalBytes();
      assertThat(most(replica, minibatch)).isGreaterThan(before + (1 << 20));
      assertThat(replica.nativeBytes()).isEqualTo(held);
      assertThat(Pointer.totalBytes()).isEqualTo(before);
      replica.infer(minibatch, new float[8 * 5]);
      long after = Pointer.totalBytes();
      assertThat(most(replica, EngineCase.minibatch(minibatch.shape(), 5, 4, 1)))
          .isLessThan(after + (1 << 20));
      assertThat(Pointer.totalBytes()).isEqualTo(after);
    }
  }

  /** Bytes of native memory at their most while layers are shown. */
  private static long most(Replica replica, Minibatch minibatch) {
    long[] most = {0};
    replica.activations(
        minibatch, (layer, values) -> most[0] = Math.max(most[0], Pointer.totalBytes()));
    return most[0];
  }

  static List<Workload> named() {
    List<Workload> workloads = new ArrayList<>();
    for (String name : NamedNetworks.names()) {
      workloads.add(workload(name, 64, 8, new Updater.Nesterov(0.9)));
    }
    // In which convolutions by fewer multiplications decide.
    for (String name : List.of("reference", "vgg11")) {
      workloads.add(workload(name, 32, 64, new Updater.Nesterov(0.9)));
    }
    workloads.add(workload("resnet18", 64, 32, new Updater.Nesterov(0.9)));
    return workloads;
  }

  /** Of 200 examples none is kept at the points, of 192, one piece, all. */
  @Test
  void aSmallerLastMinibatchTakesNoMoreMemoryThanWasForetold() {
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      layers.add(Convolution.of(128, 3, Padding.SAME, Activation.RELU));
    }
    layers.add(new GlobalPooling(PoolingKind.AVERAGE));
    layers.add(Dense.of(Dense.CLASSES, Activation.SOFTMAX));
    NetworkPlan plan = NetworkSpec.chain("custom", layers).compile(new Shape.Image(8, 8, 3), 2);
    Workload workload = Workloads.of(plan, PixelScaling.unit(3), new Updater.Sgd(), 0.01, 200);
    Workload smaller = Workloads.of(plan, PixelScaling.unit(3), new Updater.Sgd(), 0.01, 192);
    long foretold = new OneDnnEngine(Precision.FLOAT).plan(workload).totalBytes();
    try (OneDnnReplica replica =
        new OneDnnReplica(smaller, Precision.FLOAT, new OpenMpThreads(1))) {
      assertThat(replica.operations(true)).isNotEmpty();
      assertThat(replica.nativeBytes()).isLessThan(foretold);
    }
  }

  @ParameterizedTest
  @MethodSource("named")
  void takesNoMoreMemoryThanWasForetold(Workload workload) {
    for (Precision precision : Precision.values()) {
      if (precision == Precision.BFLOAT16 && !OneDnn.multipliesBfloat16()) {
        continue;
      }
      long foretold = new OneDnnEngine(precision).plan(workload).totalBytes();
      try (OneDnnReplica replica = new OneDnnReplica(workload, precision, new OpenMpThreads(1))) {
        assertThat(replica.operations(true)).isNotEmpty();
        assertThat(replica.operations(false)).isNotEmpty();
        assertThat(replica.nativeBytes()).isLessThan(foretold).isGreaterThan(foretold / 7);
        long others = Pointer.totalBytes() - replica.nativeBytes();
        assertThat(most(replica, minibatch(workload, 1)) - others).isLessThan(foretold);
      }
    }
  }

  @Test
  void refusesATensorLargerThanJavaCounts() {
    try (NativeScope scope = new NativeScope()) {
      NativeMemory memory = scope.memory(64);
      assertThatThrownBy(() -> memory.longs(0, 1L << 28))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot work on 2147483648 bytes of one tensor in Java, which counts no further than"
                  + " 2147483647. Lower training.batchSize");
    }
  }

  /** The second minibatch fails like the first, and not for want of the first one's memory. */
  @Test
  void keepsNoProgramThatGotNoMemory() {
    Workload workload =
        workload(
            "custom",
            4096,
            1 << 14,
            new Updater.Sgd(),
            new GlobalPooling(PoolingKind.AVERAGE),
            Dense.of(Dense.CLASSES, Activation.SOFTMAX));
    try (OneDnnReplica replica =
        new OneDnnReplica(workload, Precision.FLOAT, new OpenMpThreads(1))) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> replica.operations(true)).isInstanceOf(OutOfMemoryError.class);
      }
    }
  }

  @Test
  void aStepAllocatesNothingOnTheHeapButItsResult() {
    Workload workload =
        workload(
            "custom",
            16,
            8,
            new Updater.Adam(0.9, 0.999, 1e-8),
            Convolution.of(32, 3, Padding.SAME, Activation.RELU),
            Convolution.of(32, 3, Padding.SAME, Activation.RELU),
            BatchNorm.DEFAULT,
            new Dropout(0.3),
            new Flatten(),
            Dense.of(Dense.CLASSES, Activation.SOFTMAX));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Replica replica = new OneDnnEngine(Precision.FLOAT).open(workload, 1)) {
      replica.load(workload.initialState(1));
      Minibatch minibatch = minibatch(workload, 1);
      StepSettings settings = new StepSettings(0.01, 1, 1);
      for (int i = 0; i < 50; i++) {
        replica.step(minibatch, settings);
      }
      long id = Thread.currentThread().getId();
      long before = threads.getThreadAllocatedBytes(id);
      int steps = 100;
      for (int i = 0; i < steps; i++) {
        replica.step(minibatch, settings);
      }
      long bytes = (threads.getThreadAllocatedBytes(id) - before) / steps;
      assertThat(bytes).isLessThan(1024);
    }
  }

  @Test
  void aThousandOpenedAndClosedReplicasLeaveTheProcessAsLargeAsItWas() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/statm")), "needs Linux's /proc");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms128m",
            "-Xmx128m",
            "-XX:+AlwaysPreTouch",
            "-cp",
            System.getProperty("java.class.path"),
            OpenCloseCycles.class.getName());
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(output).isZero();
    String last = output.lines().filter(line -> line.startsWith("grown ")).findFirst().orElse("");
    // Anything that each of a thousand replicas left behind, from 16 KB on, would show.
    assertThat(Long.parseLong(last.substring("grown ".length()))).isLessThan(16L << 20);
  }
}
