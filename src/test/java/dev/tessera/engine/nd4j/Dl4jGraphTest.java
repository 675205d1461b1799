package dev.tessera.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Dl4jGraphTest {
  private static final double LEARNING_RATE = 0.05;

  static List<EngineCase> graphs() {
    return EngineCase.all().stream().filter(c -> Dl4jConfiguration.needsGraph(c.plan())).toList();
  }

  static List<NetworkPlan> plans() {
    List<NetworkPlan> plans = new ArrayList<>();
    graphs().forEach(c -> plans.add(c.plan()));
    for (String name : List.of("resnet18", "resnet50")) {
      plans.add(NamedNetworks.named(name).compile(new Shape.Image(32, 32, 3), 10));
    }
    return plans;
  }

  @ParameterizedTest
  @MethodSource("plans")
  void parametersLieWhereThePlanSays(NetworkPlan plan) {
    Workload workload =
        Workloads.of(
            plan,
            PixelScaling.unit(plan.input().channels()),
            new Updater.Adam(0.9, 0.999, 1e-8),
            0,
            2);
    ComputationGraph graph =
        new ComputationGraph(Dl4jConfiguration.portableGraph(workload, 1, LEARNING_RATE));
    graph.init();
    assertThat(graph.numParams()).isEqualTo(plan.parameterCount());
    for (LayerPlan layer : plan.layers()) {
      for (ParameterBlock block : layer.parameters()) {
        INDArray array = parameter(graph, layer, block);
        assertThat(array.offset()).as("offset of %s", block).isEqualTo(block.offset());
        assertThat(array.length()).as("length of %s", block).isEqualTo(block.size());
        if (block.shape().size() == 4) {
          assertThat(array.shape())
              .isEqualTo(block.shape().stream().mapToLong(side -> side).toArray());
        }
      }
    }
    assertThat(graph.getUpdater().getStateViewArray().length())
        .isEqualTo(2L * plan.trainableCount());
    graph.getUpdater().getStateViewArray().close();
    graph.params().close();
  }

  private static INDArray parameter(ComputationGraph graph, LayerPlan layer, ParameterBlock block) {
    String stem = block.name().replaceAll("[0-9]+$", "");
    String group = block.name().substring(stem.length());
    String key =
        switch (stem) {
          case "weights" -> "W";
          case "bias" -> "b";
          case "runningMean" -> "mean";
          case "runningVariance" -> "var";
          default -> stem;
        };
    String vertex = group.isEmpty() ? layer.name() : layer.name() + ".group" + group;
    return graph.getLayer(vertex).getParam(key);
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void plainDl4jInfersAndTrainsOn(EngineCase c) throws IOException {
    Workload workload = c.workload(new Updater.Nesterov(0.9), 1e-2);
    ReplicaState state = new ReplicaState(c.parameters(), distinct(workload.updaterStateCount()));
    Minibatch minibatch = c.minibatch(c.batch(), 3);
    byte[] file = file(workload, state);
    float[] probabilities = new float[c.batch() * c.classes()];
    ReplicaState after = ReplicaState.zeros(workload);
    try (Replica replica = new Nd4jEngine().open(workload, 1)) {
      replica.load(state);
      replica.infer(minibatch, probabilities);
      replica.step(minibatch, new StepSettings(LEARNING_RATE, 4, 0));
      replica.store(after);
    }

    ComputationGraph plain =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file), true);
    assertThat(values(plain.params())).isEqualTo(state.parameters());
    assertThat(values(plain.getUpdater().getStateViewArray())).isEqualTo(state.updaterState());
    PixelInput pixels = new PixelInput(minibatch.shape(), workload.scaling(), minibatch.size());
    LabelInput labels = new LabelInput(workload.network(), workload.objective(), minibatch.size());
    INDArray pictures = pixels.fill(minibatch).dup();
    assertThat(values(plain.outputSingle(pictures))).isEqualTo(probabilities);
    assertThat(plain.getIterationCount()).isEqualTo(4);
    if (!GradientRules.needed(workload)) {
      plain.fit(new INDArray[] {pictures}, new INDArray[] {labels.fill(minibatch)});
      assertThat(values(plain.params())).isEqualTo(after.parameters());
      assertThat(values(plain.getUpdater().getStateViewArray())).isEqualTo(after.updaterState());
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void filesHaveTheBytesOfDl4jsOwnSerializer(EngineCase c) throws IOException {
    Workload workload = c.workload(new Updater.Adam(0.9, 0.999, 1e-8), 1e-2);
    ReplicaState state = new ReplicaState(c.parameters(), distinct(workload.updaterStateCount()));
    byte[] file = file(workload, state);
    ComputationGraph plain =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file), true);
    ByteArrayOutputStream theirs = new ByteArrayOutputStream();
    ModelSerializer.writeModel(plain, theirs, true);
    Map<String, String> written = entries(theirs.toByteArray());
    written.computeIfPresent("configuration.json", (name, json) -> withoutOpenedNames(json));
    assertThat(written).isEqualTo(entries(file));
  }

  /**
   * Opening a graph, DL4J lists its parameters in the default configuration, of which nothing is
   * read: the first list of variables in the file.
   */
  private static String withoutOpenedNames(String json) {
    return json.replaceFirst("\"variables\" : \\[ \"[^]]*]", "\"variables\" : [ ]");
  }

  private static Map<String, String> entries(byte[] zip) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      entries.put(
          entry.getName(),
          new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1));
    }
    return entries;
  }

  private static byte[] file(Workload workload, ReplicaState state) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Dl4jModelFile.write(out, workload, state, 42, LEARNING_RATE, 4, Map.of());
    return out.toByteArray();
  }

  private static float[] distinct(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 1e-3f * (i + 1);
    }
    return values;
  }

  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }
}
