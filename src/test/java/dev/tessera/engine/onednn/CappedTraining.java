package dev.tessera.engine.onednn;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains some networks and writes what they are then. A program of its own, since oneDNN reads
 * ONEDNN_MAX_CPU_ISA once. Prints the instruction set, and a line for each slow operation.
 */
public final class CappedTraining {
  private static final int CLASSES = 5;

  /** Initial parameters of every network. */
  static final int STARTS = 3;

  private CappedTraining() {}

  /**
   * Arguments: a file for the floats; names of networks that make one step, or none: then two small
   * ones do.
   */
  public static void main(String[] arguments) throws IOException {
    System.out.println("instruction set " + OneDnn.instructionSet());
    List<float[]> parts = train(List.of(arguments).subList(1, arguments.length));
    int count = parts.stream().mapToInt(part -> part.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES);
    FloatBuffer floats = bytes.asFloatBuffer();
    parts.forEach(floats::put);
    Files.write(Path.of(arguments[0]), bytes.array());
  }

  /**
   * Of every start of every network two parts: probabilities before, movement of the parameters.
   */
  static List<float[]> train(List<String> names) {
    List<float[]> parts = new ArrayList<>();
    List<Workload> workloads =
        names.isEmpty()
            ? List.of(
                workload(withoutDropout(NamedNetworks.named("reference")), 16),
                workload(residual(), 12))
            : names.stream()
                .map(name -> workload(withoutDropout(NamedNetworks.named(name)), 64))
                .toList();
    for (Workload workload : workloads) {
      for (int start = 0; start < STARTS; start++) {
        train(workload, start, parts);
      }
    }
    return parts;
  }

  private static void train(Workload workload, int start, List<float[]> parts) {
    ReplicaState state = workload.initialState(start);
    float[] before = state.parameters().clone();
    float[] probabilities = new float[workload.batchSize() * CLASSES];
    try (OneDnnReplica replica =
        new OneDnnReplica(workload, Precision.FLOAT, new OpenMpThreads(1))) {
      for (boolean training : new boolean[] {true, false}) {
        replica.operations(training).stream()
            .filter(operation -> Implementation.slowness(operation.implementation()) > 0)
            .forEach(slow -> System.out.println("slow " + slow.name()));
      }
      replica.load(state);
      replica.infer(minibatch(workload), probabilities);
      replica.step(minibatch(workload), new StepSettings(0.01, 0, 0));
      replica.store(state);
    }
    for (int i = 0; i < before.length; i++) {
      before[i] = state.parameters()[i] - before[i];
    }
    parts.add(probabilities);
    parts.add(before);
  }

  private static Minibatch minibatch(Workload workload) {
    return EngineCase.minibatch(workload.network().input(), CLASSES, workload.batchSize(), 0);
  }

  private static Workload workload(NetworkSpec network, int side) {
    return new Workload(
        network.compile(new Shape.Image(side, side, 3), CLASSES),
        PixelScaling.unit(3),
        Objective.PLAIN,
        new Updater.Nesterov(0.9),
        Regularisation.NONE,
        GradientClipping.NONE,
        8);
  }

  /** Dropout draws its mask in the order of memory, which is another for another layout. */
  private static NetworkSpec withoutDropout(NetworkSpec network) {
    List<NodeSpec> nodes = new ArrayList<>();
    for (NodeSpec node : network.nodes()) {
      boolean drops = node.layer() instanceof Dropout;
      nodes.add(drops ? new NodeSpec(node.name(), node.inputs(), new Dropout(0)) : node);
    }
    return new NetworkSpec(network.name(), nodes);
  }

  /** A block of a residual network, and its first layer read twice. */
  private static NetworkSpec residual() {
    Convolution plain = Convolution.of(16, 3, Padding.SAME, Activation.IDENTITY);
    return new NetworkSpec(
        "residual",
        List.of(
            new NodeSpec("stem", List.of(NodeSpec.NETWORK_INPUT), plain),
            new NodeSpec("norm1", List.of("stem"), BatchNorm.DEFAULT),
            new NodeSpec("relu1", List.of("norm1"), new ActivationLayer(Activation.RELU)),
            new NodeSpec("conv", List.of("relu1"), plain),
            new NodeSpec("norm2", List.of("conv"), BatchNorm.DEFAULT),
            new NodeSpec("sum", List.of("norm2", "relu1"), new Add(Activation.RELU)),
            new NodeSpec("pool", List.of("sum"), new GlobalPooling(PoolingKind.AVERAGE)),
            new NodeSpec("out", List.of("pool"), Dense.of(Dense.CLASSES, Activation.SOFTMAX))));
  }
}
