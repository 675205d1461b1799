package dev.tessera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.image.Minibatch;
import dev.tessera.network.Activation;
import dev.tessera.network.Add;
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
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine promises. An engine's test extends it and names the engine. */
public abstract class EngineContract {
  /** Probabilities and losses are of order 1 and come from a few hundred float operations. */
  private static final double VALUE_TOLERANCE = 2e-6;

  /** Gradients are read off parameters of order 1, whose rounding (6e-8) is the floor. */
  private static final double GRADIENT_TOLERANCE = 3e-6;

  /** Ten float updates of parameters of order 1, each with the gradient's rounding. */
  private static final double TEN_STEPS_TOLERANCE = 5e-5;

  /** Twenty layers in float, relative to the largest value of a layer. */
  private static final double DEEP_TOLERANCE = 2e-5;

  private static final StepSettings STEP = new StepSettings(1.0, 0, 7);

  protected abstract Engine engine();

  /**
   * Names of cases that the engine may refuse, each with how the reason begins. A refused case is
   * skipped, with the reason; a refusal that is not listed here, or no longer happens, fails.
   */
  protected Map<String, String> refusals() {
    return Map.of();
  }

  private void skipIfRefused(String name, Workload workload) {
    Support support = engine().supports(workload);
    String expected = refusals().get(name);
    if (expected == null) {
      assertThat(support).isEqualTo(Support.YES);
      return;
    }
    assertThat(support.reason()).startsWith(expected);
    assertThatThrownBy(() -> engine().open(workload, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(support.reason());
    Assumptions.abort(engine().name() + " refuses: " + support.reason());
  }

  static List<EngineCase> cases() {
    return EngineCase.all();
  }

  static List<Updater> updaters() {
    // Large epsilons: where they stand in a formula would not show otherwise.
    return List.of(
        new Updater.Sgd(),
        new Updater.Momentum(0.8),
        new Updater.Nesterov(0.8),
        new Updater.Adam(0.8, 0.95, 1e-2),
        new Updater.AdamW(0.8, 0.95, 1e-2, 0.1),
        new Updater.RmsProp(0.9, 1e-2),
        new Updater.AdaGrad(1e-2));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void infersWhatTheReferenceInfers(EngineCase c) {
    skipIfRefused(c.name(), c.workload(new Updater.Sgd(), 0));
    Minibatch minibatch = c.minibatch(c.batch(), 1);
    double[] expected =
        new ReferenceNetwork(c.plan(), c.scaling()).infer(doubles(c.parameters()), minibatch);
    float[] probabilities = new float[expected.length];
    try (Replica replica = open(c.workload(new Updater.Sgd(), 0), c.parameters())) {
      replica.infer(minibatch, probabilities);
    }
    assertThat(doubles(probabilities)).containsExactly(expected, within(VALUE_TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void showsWhatEveryLayerOfTheReferenceGives(EngineCase c) {
    skipIfRefused(c.name(), c.workload(new Updater.Sgd(), 0));
    Minibatch minibatch = c.minibatch(c.batch(), 1);
    List<double[]> expected =
        new ReferenceNetwork(c.plan(), c.scaling()).activations(doubles(c.parameters()), minibatch);
    try (Replica replica = open(c.workload(new Updater.Sgd(), 0), c.parameters())) {
      List<float[]> shown = shown(replica, c.plan(), minibatch);
      for (LayerPlan layer : c.plan().layers()) {
        double[] values = expected.get(layer.index());
        assertThat(doubles(shown.get(layer.index())))
            .as(layer.name())
            .containsExactly(values, within(VALUE_TOLERANCE * Math.max(1, largest(values))));
      }
      float[] probabilities = new float[expected.get(expected.size() - 1).length];
      replica.infer(minibatch, probabilities);
      assertThat(doubles(shown.get(shown.size() - 1)))
          .containsExactly(doubles(probabilities), within(VALUE_TOLERANCE));
    }
  }

  /** In the network's order, each layer once. */
  private static List<float[]> shown(Replica replica, NetworkPlan plan, Minibatch minibatch) {
    List<LayerPlan> layers = new ArrayList<>();
    List<float[]> shown = new ArrayList<>();
    replica.activations(
        minibatch,
        (layer, values) -> {
          layers.add(layer);
          shown.add(values);
        });
    assertThat(layers).isEqualTo(plan.layers());
    return shown;
  }

  private static double largest(double[] values) {
    return java.util.Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "resnet18", "mobilenet"})
  void showsWhatEveryLayerOfANamedNetworkGives(String name) {
    EngineCase c =
        new EngineCase(name, new Shape.Image(32, 32, 3), 4, 2, NamedNetworks.named(name));
    Minibatch minibatch = c.minibatch(2, 1);
    List<double[]> expected =
        new ReferenceNetwork(c.plan(), c.scaling()).activations(doubles(c.parameters()), minibatch);
    try (Replica replica = open(c.workload(new Updater.Sgd(), 0), c.parameters())) {
      List<float[]> shown = shown(replica, c.plan(), minibatch);
      for (LayerPlan layer : c.plan().layers()) {
        double[] values = expected.get(layer.index());
        assertThat(largestDifference(shown.get(layer.index()), values) / largest(values))
            .as(layer.name())
            .isLessThan(DEEP_TOLERANCE);
      }
    }
  }

  private static double largestDifference(float[] shown, double[] expected) {
    assertThat(shown).hasSameSizeAs(expected);
    double[] differences = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      differences[i] = shown[i] - expected[i];
    }
    return largest(differences);
  }

  @Test
  void showingChangesNoBitOfWhatFollows() {
    Workload workload = withEverything(new Updater.Adam(0.9, 0.999, 1e-8));
    assertThat(withShowing(workload, true)).isEqualTo(withShowing(workload, false));
    Workload graph = graphWithEverything();
    skipIfRefused("graph with everything", graph);
    assertThat(withShowing(graph, true)).isEqualTo(withShowing(graph, false));
  }

  /** What steps and inference give, in the middle of which layers are shown or are not. */
  private List<List<Float>> withShowing(Workload workload, boolean shows) {
    List<List<Float>> given = new ArrayList<>();
    try (Replica replica = engine().open(workload, 1)) {
      replica.load(workload.initialState(3));
      for (int i = 0; i < 3; i++) {
        if (shows) {
          // Before any program is there, after a step, and for more and fewer examples.
          shown(replica, workload.network(), minibatch(workload, 1 + 3 * i, 70));
        }
        float[] probabilities = new float[8 * 4];
        replica.infer(minibatch(workload, 8, 80), probabilities);
        given.add(floats(probabilities));
        if (shows) {
          shown(replica, workload.network(), minibatch(workload, 2, 71));
        }
        replica.infer(minibatch(workload, 8, 81), probabilities);
        given.add(floats(probabilities));
        StepResult result =
            replica.step(minibatch(workload, 8, i), new StepSettings(0.01, i, 1000 + i));
        given.add(List.of((float) result.loss(), (float) result.regularisedLoss()));
      }
      ReplicaState state = stored(replica, workload);
      given.add(floats(state.parameters()));
      given.add(floats(state.updaterState()));
    }
    return given;
  }

  @Test
  void aListenerThatThrowsLeavesTheReplicaUsable() {
    EngineCase c = cases().get(0);
    try (Replica replica = open(c.workload(new Updater.Sgd(), 0), c.parameters())) {
      float[] before = new float[2 * 4];
      replica.infer(c.minibatch(2, 1), before);
      assertThatThrownBy(
              () ->
                  replica.activations(
                      c.minibatch(2, 1),
                      (layer, values) -> {
                        throw new IllegalStateException("seen enough");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("seen enough");
      float[] after = new float[2 * 4];
      replica.infer(c.minibatch(2, 1), after);
      assertThat(after).isEqualTo(before);
      assertThat(shown(replica, c.plan(), c.minibatch(2, 1))).hasSize(c.plan().layers().size());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepsDownTheGradientOfTheReference(EngineCase c) {
    skipIfRefused(c.name(), c.workload(new Updater.Sgd(), 0));
    double l2 = 0.1;
    Minibatch minibatch = c.minibatch(c.batch(), 2);
    ReferenceNetwork reference = new ReferenceNetwork(c.plan(), c.scaling());
    double[] before = doubles(c.parameters());
    double[] expected = reference.withRunningMoments(before, minibatch);
    double[] gradient = reference.gradient(before, minibatch);
    double penalty = 0;
    for (ParameterBlock block : c.plan().blocks()) {
      for (int i = block.offset(); i < block.end(); i++) {
        boolean weight = block.role() == ParameterRole.WEIGHT;
        expected[i] -= gradient[i] + (weight ? l2 * before[i] : 0);
        penalty += weight ? l2 / 2 * before[i] * before[i] : 0;
      }
    }
    Workload workload = c.workload(new Updater.Sgd(), l2);
    try (Replica replica = open(workload, c.parameters())) {
      StepResult result = replica.step(minibatch, STEP);
      assertThat(result.loss())
          .isCloseTo(reference.loss(before, minibatch), within(VALUE_TOLERANCE));
      assertThat(result.regularisedLoss() - result.loss())
          .isCloseTo(penalty, within(VALUE_TOLERANCE));
      double[] after = doubles(stored(replica, workload).parameters());
      assertThat(after).containsExactly(expected, within(GRADIENT_TOLERANCE));
    }
  }

  /** What a step minimises and how far it may go, on small networks. */
  record Terms(
      String name, Objective objective, Regularisation regularisation, GradientClipping clipping) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Terms> terms() {
    Regularisation both = new Regularisation(0.03, 0.1);
    return List.of(
        new Terms(
            "label smoothing",
            new Objective(0.2, List.of()),
            Regularisation.NONE,
            GradientClipping.NONE),
        new Terms(
            "class weights",
            new Objective(0, List.of(0.5, 3.0)),
            Regularisation.NONE,
            GradientClipping.NONE),
        new Terms(
            "a class without weight",
            new Objective(0, List.of(0.0, 2.0)),
            Regularisation.NONE,
            GradientClipping.NONE),
        new Terms(
            "label smoothing and class weights",
            new Objective(0.1, List.of(0.5, 3.0)),
            new Regularisation(0, 0.1),
            GradientClipping.NONE),
        new Terms("l1", Objective.PLAIN, new Regularisation(0.05, 0), GradientClipping.NONE),
        new Terms("l1 and l2", Objective.PLAIN, both, GradientClipping.NONE),
        new Terms("clipping by value", Objective.PLAIN, both, new GradientClipping(0, 0.05)),
        new Terms("clipping by norm", Objective.PLAIN, both, new GradientClipping(0.3, 0)),
        new Terms("norm never reached", Objective.PLAIN, both, new GradientClipping(1e3, 0)),
        new Terms(
            "clipping by value, then norm", Objective.PLAIN, both, new GradientClipping(0.2, 0.05)),
        new Terms(
            "everything",
            new Objective(0.1, List.of(0.5, 3.0)),
            both,
            new GradientClipping(0.2, 0.1)));
  }

  /** A chain, a chain with one sigmoid, and a graph, of two classes each. */
  private static List<EngineCase> small() {
    Convolution conv = Convolution.of(2, 2, Padding.SAME, Activation.TANH);
    NodeSpec output = NodeSpec.of(Dense.of(Dense.CLASSES, Activation.SOFTMAX));
    Shape.Image input = new Shape.Image(3, 4, 2);
    return List.of(
        EngineCase.of(
            "chain",
            input,
            2,
            5,
            List.of(conv, BatchNorm.DEFAULT, new Flatten(), Dense.of(2, Activation.SOFTMAX))),
        EngineCase.of(
            "sigmoid", input, 2, 5, List.of(conv, new Flatten(), Dense.of(1, Activation.SIGMOID))),
        new EngineCase(
            "graph",
            input,
            2,
            5,
            new NetworkSpec(
                "custom",
                List.of(
                    new NodeSpec("a", List.of(), conv),
                    NodeSpec.of(BatchNorm.DEFAULT),
                    new NodeSpec("b", List.of("a"), conv),
                    new NodeSpec("", List.of("b", "batchNorm1"), new Add(Activation.TANH)),
                    NodeSpec.of(new Flatten()),
                    output))));
  }

  @ParameterizedTest
  @MethodSource("terms")
  void stepsByItsTerms(Terms terms) {
    for (EngineCase c : small()) {
      Workload workload =
          c.workload(
              terms.objective(), new Updater.Sgd(), terms.regularisation(), terms.clipping());
      skipIfRefused(terms.name(), workload);
      Minibatch minibatch = c.minibatch(c.batch(), 2);
      ReferenceNetwork reference = new ReferenceNetwork(c.plan(), c.scaling(), terms.objective());
      double[] before = doubles(c.parameters());
      double[] gradient = reference.gradient(before, minibatch);
      double penalty = ReferenceGradient.finish(workload, before, gradient);
      double[] expected = reference.withRunningMoments(before, minibatch);
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= gradient[i];
      }
      try (Replica replica = open(workload, c.parameters())) {
        StepResult result = replica.step(minibatch, STEP);
        assertThat(result.loss())
            .as(c.name())
            .isCloseTo(reference.loss(before, minibatch), within(VALUE_TOLERANCE));
        assertThat(result.regularisedLoss() - result.loss())
            .as(c.name())
            .isCloseTo(penalty, within(VALUE_TOLERANCE));
        double[] after = doubles(stored(replica, workload).parameters());
        assertThat(after).as(c.name()).containsExactly(expected, within(GRADIENT_TOLERANCE));
      }
    }
  }

  /** Every example of the minibatch but the second, in unequal shares; one to the whole. */
  private static Minibatch mixed(Minibatch minibatch) {
    double[] shares = {0.3, 0, 0.5, 0.85, 1};
    for (int i = 0; i < minibatch.size(); i++) {
      if (shares[i] > 0) {
        minibatch.mix(i, minibatch.labels()[(i + 1) % minibatch.size()], shares[i]);
      }
    }
    return minibatch;
  }

  @ParameterizedTest
  @MethodSource("terms")
  void stepsTowardsBothLabelsOfAMixture(Terms terms) {
    for (EngineCase c : small()) {
      Workload workload =
          c.workload(
              terms.objective(), new Updater.Sgd(), terms.regularisation(), terms.clipping());
      skipIfRefused(terms.name(), workload);
      Minibatch minibatch = mixed(c.minibatch(c.batch(), 2));
      ReferenceNetwork reference = new ReferenceNetwork(c.plan(), c.scaling(), terms.objective());
      double[] before = doubles(c.parameters());
      double[] gradient = reference.gradient(before, minibatch);
      ReferenceGradient.finish(workload, before, gradient);
      double[] expected = reference.withRunningMoments(before, minibatch);
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= gradient[i];
      }
      try (Replica replica = open(workload, c.parameters())) {
        assertThat(replica.step(minibatch, STEP).loss())
            .as(c.name())
            .isCloseTo(reference.loss(before, minibatch), within(VALUE_TOLERANCE));
        double[] after = doubles(stored(replica, workload).parameters());
        assertThat(after).as(c.name()).containsExactly(expected, within(GRADIENT_TOLERANCE));
      }
    }
  }

  @Test
  void aMixtureWithoutShareOfTheSecondIsNone() {
    for (EngineCase c : small()) {
      Workload workload = c.workload(new Updater.Nesterov(0.9), 0);
      Minibatch mixture = c.minibatch(c.batch(), 2);
      mixture.mix(1, 1 - mixture.labels()[1], 0);
      try (Replica replica = open(workload, c.parameters());
          Replica other = open(workload, c.parameters())) {
        assertThat(replica.step(mixture, STEP))
            .isEqualTo(other.step(c.minibatch(c.batch(), 2), STEP));
        assertThat(stored(replica, workload).parameters())
            .isEqualTo(stored(other, workload).parameters());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void clipsBeforeItUpdates(Updater updater) {
    EngineCase c = small().get(0);
    Workload workload =
        c.workload(
            new Objective(0.1, List.of(1.0, 2.0)),
            updater,
            new Regularisation(0.01, 0.05),
            new GradientClipping(0.3, 0.1));
    skipIfRefused("everything", workload);
    ReferenceNetwork reference = new ReferenceNetwork(c.plan(), c.scaling(), workload.objective());
    double[] expected = doubles(c.parameters());
    double[][] state = states(updater, expected.length);
    try (Replica replica = open(workload, c.parameters())) {
      for (int step = 0; step < 5; step++) {
        Minibatch minibatch = c.minibatch(c.batch(), step);
        replica.step(minibatch, new StepSettings(0.05, step, step));
        double[] gradient = reference.gradient(expected, minibatch);
        ReferenceGradient.finish(workload, expected, gradient);
        double[] next = reference.withRunningMoments(expected, minibatch);
        for (ParameterBlock block : c.plan().blocks()) {
          boolean weight = block.role() == ParameterRole.WEIGHT;
          for (int i = block.offset(); i < block.end() && block.role().trainable(); i++) {
            next[i] =
                updater.accept(
                    new ReferenceUpdater(
                        expected[i], gradient[i], 0.05, step + 1, weight, state[i]));
          }
        }
        expected = next;
      }
      double[] after = doubles(stored(replica, workload).parameters());
      assertThat(after).containsExactly(expected, within(TEN_STEPS_TOLERANCE));
    }
  }

  private static double[][] states(Updater updater, int count) {
    double[][] state = new double[count][2];
    for (double[] s : state) {
      s[0] = updater.initialState();
    }
    return state;
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void updatesByTheDocumentedFormula(Updater updater) {
    EngineCase c =
        EngineCase.of(
            "updaters",
            new Shape.Image(3, 3, 1),
            3,
            4,
            List.of(
                Convolution.of(2, 2, Padding.VALID, Activation.TANH),
                BatchNorm.DEFAULT,
                new Flatten(),
                Dense.of(3, Activation.SOFTMAX)));
    double l2 = 0.05;
    Workload workload = c.workload(updater, l2);
    ReferenceNetwork reference = new ReferenceNetwork(c.plan(), c.scaling());
    double[] expected = doubles(c.parameters());
    double[][] state = states(updater, expected.length);
    try (Replica replica = open(workload, c.parameters())) {
      for (int step = 0; step < 10; step++) {
        Minibatch minibatch = c.minibatch(c.batch(), step);
        double learningRate = step < 5 ? 0.05 : 0.02;
        replica.step(minibatch, new StepSettings(learningRate, step, step));
        double[] gradient = reference.gradient(expected, minibatch);
        double[] next = reference.withRunningMoments(expected, minibatch);
        for (ParameterBlock block : c.plan().blocks()) {
          boolean weight = block.role() == ParameterRole.WEIGHT;
          for (int i = block.offset(); i < block.end() && block.role().trainable(); i++) {
            double g = gradient[i] + (weight ? l2 * expected[i] : 0);
            next[i] =
                updater.accept(
                    new ReferenceUpdater(expected[i], g, learningRate, step + 1, weight, state[i]));
          }
        }
        expected = next;
      }
      double[] after = doubles(stored(replica, workload).parameters());
      assertThat(after).containsExactly(expected, within(TEN_STEPS_TOLERANCE));
    }
  }

  @Test
  void storesWhatItLoaded() {
    Workload workload = withEverything(new Updater.Adam(0.9, 0.999, 1e-8));
    ReplicaState state = workload.initialState(5);
    for (int i = 0; i < state.updaterState().length; i++) {
      state.updaterState()[i] = i * 0.25f;
    }
    try (Replica replica = engine().open(workload, 1)) {
      replica.load(state);
      ReplicaState back = stored(replica, workload);
      assertThat(back.parameters()).isEqualTo(state.parameters());
      assertThat(back.updaterState()).isEqualTo(state.updaterState());
    }
  }

  @Test
  void leavesTheStateAloneInInference() {
    Workload workload = withEverything(new Updater.Nesterov(0.9));
    ReplicaState state = workload.initialState(5);
    try (Replica replica = engine().open(workload, 1)) {
      replica.load(state);
      replica.infer(minibatch(workload, 8, 1), new float[8 * 4]);
      assertThat(stored(replica, workload).parameters()).isEqualTo(state.parameters());
    }
  }

  @Test
  void freshAndUsedReplicasGiveEqualBits() {
    Workload workload = withEverything(new Updater.Adam(0.9, 0.999, 1e-8));
    ReplicaState fresh = threeSteps(workload);
    try (Replica replica = engine().open(workload, 1)) {
      replica.load(workload.initialState(99));
      for (int i = 0; i < 4; i++) {
        replica.step(minibatch(workload, 8 - i, 50 + i), new StepSettings(0.3, 17 + i, i));
        replica.infer(minibatch(workload, 5, 60 + i), new float[5 * 4]);
      }
      assertThat(threeSteps(replica, workload).parameters()).isEqualTo(fresh.parameters());
      assertThat(threeSteps(replica, workload).updaterState()).isEqualTo(fresh.updaterState());
    }
  }

  @Test
  void givesEqualBitsOnAnyThread() throws Exception {
    Workload workload = withEverything(new Updater.Nesterov(0.9));
    float[] here = threeSteps(workload).parameters();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(() -> threeSteps(workload).parameters());
      }
      for (var result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(here);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void mayBeHandedFromThreadToThread() throws Exception {
    Workload workload = withEverything(new Updater.Nesterov(0.9));
    float[] expected = threeSteps(workload).parameters();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Replica replica = engine().open(workload, 1)) {
      threeSteps(replica, workload);
      assertThat(thread.submit(() -> threeSteps(replica, workload).parameters()).get())
          .isEqualTo(expected);
      assertThat(threeSteps(replica, workload).parameters()).isEqualTo(expected);
    } finally {
      thread.shutdown();
    }
  }

  @Test
  void freshAndUsedReplicasOfAGraphGiveEqualBits() {
    Workload workload = graphWithEverything();
    skipIfRefused("graph with everything", workload);
    ReplicaState fresh = threeSteps(workload);
    try (Replica replica = engine().open(workload, 1)) {
      replica.load(workload.initialState(99));
      for (int i = 0; i < 4; i++) {
        replica.step(minibatch(workload, 8 - i, 50 + i), new StepSettings(0.3, 17 + i, i));
        replica.infer(minibatch(workload, 5, 60 + i), new float[5 * 4]);
      }
      ReplicaState used = threeSteps(replica, workload);
      assertThat(used.parameters()).isEqualTo(fresh.parameters());
      assertThat(used.updaterState()).isEqualTo(fresh.updaterState());
    }
  }

  private static Workload graphWithEverything() {
    Convolution conv = Convolution.of(4, 3, Padding.SAME, Activation.RELU);
    Convolution depthwise =
        new Convolution(
            4,
            new dev.tessera.network.Extent(3, 3),
            dev.tessera.network.Extent.ONE,
            Padding.SAME,
            dev.tessera.network.Extent.ONE,
            Convolution.DEPTHWISE,
            Activation.RELU,
            false,
            dev.tessera.network.Initialiser.HE_NORMAL);
    NetworkSpec network =
        new NetworkSpec(
            "custom",
            List.of(
                new NodeSpec("stem", List.of(), conv),
                NodeSpec.of(BatchNorm.DEFAULT),
                NodeSpec.of(depthwise),
                NodeSpec.of(new Dropout(0.25)),
                new NodeSpec("sum", List.of("dropout1", "stem"), new Add(Activation.RELU)),
                new NodeSpec("both", List.of("sum", "input"), new dev.tessera.network.Concat()),
                NodeSpec.of(
                    new dev.tessera.network.GlobalPooling(dev.tessera.network.PoolingKind.AVERAGE)),
                NodeSpec.of(new Dropout(0.5)),
                NodeSpec.of(Dense.of(Dense.CLASSES, Activation.SOFTMAX))));
    return new Workload(
        network.compile(new Shape.Image(8, 8, 3), 4),
        dev.tessera.image.PixelScaling.unit(3),
        new Objective(0.1, List.of(1.0, 2.0, 1.0, 0.5)),
        new Updater.Adam(0.9, 0.999, 1e-8),
        new Regularisation(1e-5, 1e-3),
        new GradientClipping(1, 0.5),
        8);
  }

  @Test
  void closingOneLeavesTheOthersOfItsThreadAlone() {
    Workload workload = withEverything(new Updater.Nesterov(0.9));
    float[] expected = threeSteps(workload).parameters();
    try (Replica kept = engine().open(workload, 1)) {
      threeSteps(kept, workload);
      assertThat(threeSteps(workload).parameters()).isEqualTo(expected);
      assertThat(threeSteps(kept, workload).parameters()).isEqualTo(expected);
    }
  }

  @Test
  void dropsTheGivenFractionAndScalesTheRest() {
    double rate = 0.3;
    Shape.Image input = new Shape.Image(40, 50, 1);
    NetworkPlan plan =
        plan(input, 2, new Flatten(), new Dropout(rate), Dense.of(2, Activation.SOFTMAX));
    Workload workload =
        Workloads.of(plan, dev.tessera.image.PixelScaling.unit(1), new Updater.Sgd(), 0, 1);
    Minibatch white = EngineCase.minibatch(input, 2, 1, 1);
    java.util.Arrays.fill(white.pixels(), (byte) 255);
    white.labels()[0] = 0;
    float[] first = afterOneStep(workload, white, 1);
    assertThat(afterOneStep(workload, white, 1)).isEqualTo(first);
    assertThat(afterOneStep(workload, white, 2)).isNotEqualTo(first);
    assertThat(afterOneStep(workload, white, 1 + (1L << 40))).isNotEqualTo(first);
    for (long seed : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThat(afterOneStep(workload, white, seed))
          .isEqualTo(afterOneStep(workload, white, seed));
    }
    // From zero weights, each pixel's weight to class 0 moves by (1 - 1/2) * kept / (1 - rate).
    int kept = 0;
    for (int i = 0; i < input.size(); i++) {
      kept += first[i] == 0 ? 0 : 1;
      assertThat((double) first[i])
          .isCloseTo(first[i] == 0 ? 0 : 0.5 / (1 - rate), within(VALUE_TOLERANCE));
    }
    assertThat(kept / (double) input.size()).isCloseTo(1 - rate, within(0.04));
  }

  private float[] afterOneStep(Workload workload, Minibatch minibatch, long dropoutSeed) {
    try (Replica replica = engine().open(workload, 1)) {
      replica.load(ReplicaState.zeros(workload));
      replica.step(minibatch, new StepSettings(1, 0, dropoutSeed));
      return stored(replica, workload).parameters();
    }
  }

  @Test
  void takesASmallerLastMinibatch() {
    EngineCase c = cases().get(0);
    Workload large = Workloads.of(c.plan(), c.scaling(), new Updater.Sgd(), 0, 16);
    Workload fitting = Workloads.of(c.plan(), c.scaling(), new Updater.Sgd(), 0, 3);
    Minibatch three = c.minibatch(3, 4);
    try (Replica replica = open(large, c.parameters());
        Replica other = open(fitting, c.parameters())) {
      replica.step(c.minibatch(16, 3), STEP);
      replica.load(new ReplicaState(c.parameters(), new float[0]));
      StepResult result = replica.step(three, STEP);
      assertThat(result).isEqualTo(other.step(three, STEP));
      assertThat(stored(replica, large).parameters())
          .isEqualTo(stored(other, fitting).parameters());
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    EngineCase c = cases().get(0);
    Workload workload = c.workload(new Updater.Nesterov(0.9), 0);
    try (Replica replica = open(workload, c.parameters())) {
      assertThatThrownBy(() -> replica.load(new ReplicaState(new float[3], new float[3])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3 values");
      assertThatThrownBy(() -> replica.store(new ReplicaState(c.parameters(), new float[1])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 values of updater state");
      assertThatThrownBy(() -> replica.step(c.minibatch(c.batch() + 1, 1), STEP))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> replica.step(new Minibatch(c.input(), 2), STEP))
          .isInstanceOf(IllegalArgumentException.class);
      Minibatch other = EngineCase.minibatch(new Shape.Image(2, 2, 3), 4, 1, 1);
      assertThatThrownBy(() -> replica.infer(other, new float[4]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> replica.activations(other, (layer, values) -> {}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> replica.activations(c.minibatch(c.batch() + 1, 1), (layer, values) -> {}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> replica.infer(c.minibatch(2, 1), new float[7]))
          .isInstanceOf(IllegalArgumentException.class);
      Minibatch wrongLabel = c.minibatch(2, 1);
      wrongLabel.labels()[1] = 4;
      assertThatThrownBy(() -> replica.step(wrongLabel, STEP))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("label 4");
      Minibatch wrongMixture = c.minibatch(2, 1);
      wrongMixture.mix(1, 5, 0.5);
      assertThatThrownBy(() -> replica.step(wrongMixture, STEP))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("label 5");
    }
    assertThatThrownBy(() -> engine().open(workload, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysThatItIsClosed() {
    EngineCase c = cases().get(0);
    Workload workload = c.workload(new Updater.Nesterov(0.9), 0);
    Replica replica = open(workload, c.parameters());
    replica.step(c.minibatch(2, 1), STEP);
    replica.close();
    replica.close();
    ReplicaState state = workload.initialState(1);
    List<Runnable> uses =
        List.of(
            () -> replica.load(state),
            () -> replica.store(state),
            () -> replica.step(c.minibatch(2, 1), STEP),
            () -> replica.infer(c.minibatch(2, 1), new float[8]),
            () -> replica.activations(c.minibatch(2, 1), (layer, values) -> {}));
    for (Runnable use : uses) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(engine().name())
          .hasMessageContaining("closed");
    }
  }

  @Test
  void reportsALossThatIsNotFinite() {
    EngineCase c = cases().get(0);
    float[] parameters = c.parameters();
    parameters[parameters.length - 1] = Float.NaN;
    try (Replica replica = open(c.workload(new Updater.Sgd(), 0), parameters)) {
      assertThat(replica.step(c.minibatch(2, 1), STEP).loss()).isNaN();
    }
  }

  @Test
  void isOneValueWhoeverMakesIt() {
    assertThat(engine()).isEqualTo(engine());
  }

  @Test
  void plansMoreMemoryForMoreExamples() {
    EngineCase c = cases().get(0);
    Workload small = Workloads.of(c.plan(), c.scaling(), new Updater.Sgd(), 0, 1);
    Workload large = Workloads.of(c.plan(), c.scaling(), new Updater.Sgd(), 0, 64);
    assertThat(engine().plan(small).parameterBytes())
        .isGreaterThanOrEqualTo(8L * c.plan().parameterCount())
        .isEqualTo(engine().plan(large).parameterBytes());
    assertThat(engine().plan(large).activationBytes())
        .isGreaterThan(engine().plan(small).activationBytes());
  }

  private Replica open(Workload workload, float[] parameters) {
    Replica replica = engine().open(workload, 1);
    replica.load(new ReplicaState(parameters, workload.initialState(0).updaterState()));
    return replica;
  }

  private static ReplicaState stored(Replica replica, Workload workload) {
    ReplicaState state = ReplicaState.zeros(workload);
    replica.store(state);
    return state;
  }

  private ReplicaState threeSteps(Workload workload) {
    try (Replica replica = engine().open(workload, 1)) {
      return threeSteps(replica, workload);
    }
  }

  private static ReplicaState threeSteps(Replica replica, Workload workload) {
    replica.load(workload.initialState(3));
    for (int i = 0; i < 3; i++) {
      replica.step(minibatch(workload, i < 2 ? 8 : 3, i), new StepSettings(0.01, i, 1000 + i));
    }
    return stored(replica, workload);
  }

  private static Minibatch minibatch(Workload workload, int size, int step) {
    NetworkPlan plan = workload.network();
    return EngineCase.minibatch(plan.input(), plan.classes(), size, step);
  }

  private static Workload withEverything(Updater updater) {
    Shape.Image input = new Shape.Image(8, 8, 3);
    NetworkPlan plan =
        plan(
            input,
            4,
            Convolution.of(4, 3, Padding.SAME, Activation.RELU),
            BatchNorm.DEFAULT,
            dev.tessera.network.Pooling.of(dev.tessera.network.PoolingKind.MAX, 2),
            new Dropout(0.25),
            new Flatten(),
            Dense.of(8, Activation.RELU),
            new Dropout(0.5),
            Dense.of(Dense.CLASSES, Activation.SOFTMAX));
    return Workloads.of(plan, dev.tessera.image.PixelScaling.unit(3), updater, 1e-3, 8);
  }

  private static NetworkPlan plan(Shape.Image input, int classes, LayerSpec... layers) {
    return NetworkSpec.chain("custom", List.of(layers)).compile(input, classes);
  }

  private static List<Float> floats(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
