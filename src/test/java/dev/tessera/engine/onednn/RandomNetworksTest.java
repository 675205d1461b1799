package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Precision;
import dev.tessera.engine.ReferenceNetwork;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Extent;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random graphs against the slow reference in double: whatever is fused, laid out anew, shared or
 * written over must not show. Channels of 16 get oneDNN's blocked layouts, others its plain ones.
 */
class RandomNetworksTest {
  /** Of the norm of the whole gradient; floats through up to a dozen layers. */
  private static final double GRADIENT_TOLERANCE = 2e-5;

  private static final double PROBABILITY_TOLERANCE = 5e-6;

  /**
   * What ties in float but not in double would be no error, and max pooling hands the gradient to
   * one of those that tie: so none that levels off upwards, and no kernel of one pixel, since
   * pixels have 256 values.
   */
  private static final Activation[] ACTIVATIONS = {
    Activation.IDENTITY, Activation.RELU, Activation.LEAKY_RELU, Activation.SWISH, Activation.ELU
  };

  static List<EngineCase> some() {
    return networks(0, 5);
  }

  static List<EngineCase> many() {
    return networks(5, 150);
  }

  private static List<EngineCase> networks(int from, int to) {
    List<EngineCase> cases = new ArrayList<>();
    for (int seed = from; seed < to; seed++) {
      cases.add(new Builder(seed).build());
    }
    return cases;
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("many")
  void infersAndStepsAsTheReferenceDoesOnManyNetworks(EngineCase c) {
    infersAndStepsAsTheReferenceDoes(c);
  }

  @ParameterizedTest
  @MethodSource("some")
  void infersAndStepsAsTheReferenceDoes(EngineCase c) {
    Workload workload = c.workload(new Updater.Sgd(), 0);
    ReferenceNetwork reference = new ReferenceNetwork(c.plan(), c.scaling());
    Minibatch minibatch = c.minibatch(c.batch(), 2);
    float[] parameters = parameters(c);
    double[] before = doubles(parameters);
    double[] probabilities = reference.infer(before, minibatch);
    double[] expected = reference.withRunningMoments(before, minibatch);
    double[] gradient = reference.gradient(before, minibatch);
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      expected[i] -= gradient[i];
      size += gradient[i] * gradient[i];
    }
    assertThat(doubles(inGroups(workload, parameters, minibatch, probabilities.length)))
        .as("in groups of examples")
        .containsExactly(probabilities, within(PROBABILITY_TOLERANCE));
    try (Replica replica = new OneDnnEngine(Precision.FLOAT).open(workload, 1)) {
      replica.load(new ReplicaState(parameters, new float[0]));
      float[] inferred = new float[probabilities.length];
      replica.infer(minibatch, inferred);
      assertThat(doubles(inferred)).containsExactly(probabilities, within(PROBABILITY_TOLERANCE));
      replica.step(minibatch, new StepSettings(1, 0, 1));
      ReplicaState state = ReplicaState.zeros(workload);
      replica.store(state);
      double difference = 0;
      for (int i = 0; i < expected.length; i++) {
        // Running variances grow with what they measure.
        double one = (state.parameters()[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
        difference += one * one;
      }
      assertThat(Math.sqrt(difference)).isLessThan(GRADIENT_TOLERANCE * (1 + Math.sqrt(size)));
    }
  }

  private static float[] inGroups(
      Workload workload, float[] parameters, Minibatch minibatch, int count) {
    float[] inferred = new float[count];
    InferenceGroups.Rule rule = new InferenceGroups.Rule(2000, 1, 3);
    try (OneDnnReplica replica =
        new OneDnnReplica(workload, Precision.FLOAT, new OpenMpThreads(1), rule)) {
      replica.load(new ReplicaState(parameters, new float[0]));
      replica.infer(minibatch, inferred);
    }
    return inferred;
  }

  /**
   * Weights as a run starts from, so that values stay of order 1 through many layers; the others
   * moved away from 0 and 1.
   */
  private static float[] parameters(EngineCase c) {
    NetworkPlan plan = c.plan();
    float[] parameters = plan.initialParameters(c.name().hashCode());
    Random random = new Random(c.name().hashCode());
    for (ParameterBlock block : plan.blocks()) {
      for (int i = block.offset(); i < block.end(); i++) {
        parameters[i] += block.role() == ParameterRole.WEIGHT ? 0 : 0.3f * random.nextFloat();
      }
    }
    return parameters;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Draws layers that take any earlier output, then joins what nobody has read. */
  private static final class Builder {
    private final int seed;
    private final Random random;
    private final Map<String, Shape.Image> shapes = new LinkedHashMap<>();
    private final TreeSet<String> unread = new TreeSet<>();
    private final List<NodeSpec> nodes = new ArrayList<>();

    Builder(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      shapes.put(NodeSpec.NETWORK_INPUT, new Shape.Image(6, 7, 3));
    }

    EngineCase build() {
      int layers = 4 + random.nextInt(7);
      for (int i = 0; i < layers; i++) {
        join(random.nextInt(3) == 0 ? "" : one());
      }
      List<String> vectors = new ArrayList<>();
      for (String name : List.copyOf(unread)) {
        String pooled = "v" + name;
        nodes.add(new NodeSpec(pooled, List.of(name), new GlobalPooling(PoolingKind.AVERAGE)));
        vectors.add(pooled);
      }
      if (vectors.size() > 1) {
        nodes.add(new NodeSpec("all", vectors, new Concat()));
      }
      nodes.add(NodeSpec.of(Dense.of(Dense.CLASSES, Activation.SOFTMAX)));
      return new EngineCase(
          "random graph, seed " + seed,
          shape(NodeSpec.NETWORK_INPUT),
          4,
          3,
          new NetworkSpec("custom", nodes));
    }

    private Shape.Image shape(String name) {
      return Objects.requireNonNull(shapes.get(name));
    }

    private <T> T any(T[] choices) {
      return choices[random.nextInt(choices.length)];
    }

    /** An earlier output, the latest ones more often. */
    private String one() {
      List<String> names = List.copyOf(shapes.keySet());
      int back = Math.min(random.nextInt(names.size()), random.nextInt(names.size()));
      return names.get(names.size() - 1 - back);
    }

    /** A join of two outputs of equal size if there are such, else a layer of its own. */
    private void join(String alone) {
      String first = alone.isEmpty() ? one() : alone;
      Shape.Image shape = shape(first);
      if (alone.isEmpty()) {
        for (String other : shapes.keySet()) {
          Shape.Image its = shape(other);
          boolean fits = its.height() == shape.height() && its.width() == shape.width();
          if (!other.equals(first) && fits) {
            boolean sum = its.equals(shape) && random.nextInt(4) > 0;
            append(sum ? new Add(any(ACTIVATIONS)) : new Concat(), first, other);
            return;
          }
        }
      }
      append(layer(shape), first);
    }

    private LayerSpec layer(Shape.Image shape) {
      boolean small = shape.height() < 3 || shape.width() < 3;
      return switch (random.nextInt(9)) {
        case 0 -> BatchNorm.DEFAULT;
        case 1 -> new ActivationLayer(any(ACTIVATIONS));
        case 2 -> small ? BatchNorm.DEFAULT : Pooling.of(any(PoolingKind.values()), 2);
        case 3 ->
            new Pooling(
                any(PoolingKind.values()), Extent.square(3), Extent.square(1), Padding.SAME);
        case 4 -> new ZeroPadding(1, 0, 0, 1);
        default -> {
          int[] channels = {16, 16, 3, shape.channels()};
          yield Convolution.of(
              channels[random.nextInt(channels.length)],
              2 + random.nextInt(2),
              Padding.SAME,
              any(ACTIVATIONS));
        }
      };
    }

    private void append(LayerSpec layer, String... inputs) {
      String name = "n" + nodes.size();
      nodes.add(new NodeSpec(name, List.of(inputs), layer));
      List<Shape> given = new ArrayList<>();
      for (String input : inputs) {
        given.add(shape(input));
        unread.remove(input);
      }
      Shape output =
          layer instanceof dev.tessera.network.JoinSpec joined
              ? joined.outputShape(given)
              : layer.outputShape(given.get(0));
      shapes.put(name, (Shape.Image) output);
      unread.add(name);
    }
  }
}
