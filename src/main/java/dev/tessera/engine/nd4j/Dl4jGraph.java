package dev.tessera.engine.nd4j;

import dev.tessera.engine.Workload;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Pooling;
import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;

/**
 * A network as DL4J's computation graph. The output of each of our layers is a vertex of its name;
 * what else a layer needs there has names that go on with a dot, which ours can't have.
 *
 * <p>The order of the vertices is given, not left to DL4J's own sorting: parameters lie in it.
 */
final class Dl4jGraph implements LayerSpec.Visitor<LayerSpec> {
  private final Workload workload;
  private final Dl4jParts parts;
  private final GraphBuilder graph;
  private final LayerPlan plan;
  private final List<String> order;
  private final Map<String, Integer> groupInputs;

  private Dl4jGraph(
      Workload workload,
      Dl4jParts parts,
      GraphBuilder graph,
      LayerPlan plan,
      List<String> order,
      Map<String, Integer> groupInputs) {
    this.groupInputs = groupInputs;
    this.workload = workload;
    this.parts = parts;
    this.graph = graph;
    this.plan = plan;
    this.order = order;
  }

  static ComputationGraphConfiguration of(Workload workload, Dl4jParts parts) {
    NetworkPlan network = workload.network();
    GraphBuilder graph = Dl4jConfiguration.builder(workload, parts).graphBuilder();
    List<String> order = new ArrayList<>();
    Map<String, Integer> groupInputs = new HashMap<>();
    graph.addInputs(NodeSpec.NETWORK_INPUT);
    order.add(NodeSpec.NETWORK_INPUT);
    for (LayerPlan plan : network.layers()) {
      plan.spec().accept(new Dl4jGraph(workload, parts, graph, plan, order, groupInputs));
    }
    ComputationGraphConfiguration configuration =
        graph
            .setOutputs(order.get(order.size() - 1))
            .setInputTypes(Dl4jConfiguration.inputType(network))
            .build();
    configuration.getVertices().forEach((name, vertex) -> finish(vertex, groupInputs.get(name)));
    configuration.setTopologicalOrderStr(order);
    configuration.setTopologicalOrder(IntStream.range(0, order.size()).toArray());
    return configuration;
  }

  /**
   * DL4J 1.0.0-M2.1 has the channels of a subset wrong ({@code from - to + 1}).
   *
   * @param channels of a group's input, null for what is no group
   */
  private static void finish(GraphVertex vertex, @Nullable Integer channels) {
    if (vertex instanceof LayerVertex layer) {
      Dl4jConfiguration.nameParameters(layer.getLayerConf());
      if (channels != null) {
        ((ConvolutionLayer) layer.getLayerConf().getLayer()).setNIn(channels);
      }
    }
  }

  private String[] inputs() {
    return plan.sources().stream()
        .map(
            source ->
                source == LayerPlan.NETWORK_INPUT
                    ? NodeSpec.NETWORK_INPUT
                    : workload.network().layers().get(source).name())
        .toArray(String[]::new);
  }

  private void vertex(String name, GraphVertex vertex, String... inputs) {
    graph.addVertex(name, vertex, inputs);
    order.add(name);
  }

  private void layer(String name, Layer layer, String... inputs) {
    Dl4jConfiguration.regularise(layer, workload, parts);
    graph.addLayer(name, layer, inputs);
    order.add(name);
  }

  /** As in a chain; what is no layer there, passes values on here. */
  private <T extends LayerSpec> T asInAChain(T spec) {
    List<Layer> made = spec.accept(new Dl4jLayers(workload.network(), plan, parts));
    layer(
        plan.name(),
        made.isEmpty() ? Dl4jLayers.function(Activation.IDENTITY, plan.name()) : made.get(0),
        inputs());
    return spec;
  }

  @Override
  public LayerSpec convolution(Convolution spec) {
    if (spec.groups() == 1 || spec.depthwise(plan.input())) {
      return asInAChain(spec);
    }
    Dl4jLayers layers = new Dl4jLayers(workload.network(), plan, parts);
    int channels = ((Shape.Image) plan.input()).channels() / spec.groups();
    String[] groups = new String[spec.groups()];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = plan.name() + ".group" + (i + 1);
      String input = groups[i] + ".input";
      vertex(input, new SubsetVertex(i * channels, (i + 1) * channels - 1), inputs());
      layer(groups[i], layers.group(spec, groups[i]), input);
      groupInputs.put(groups[i], channels);
    }
    vertex(plan.name(), new MergeVertex(), groups);
    return spec;
  }

  @Override
  public LayerSpec pooling(Pooling spec) {
    return asInAChain(spec);
  }

  @Override
  public LayerSpec globalPooling(GlobalPooling spec) {
    return asInAChain(spec);
  }

  @Override
  public LayerSpec batchNorm(BatchNorm spec) {
    return asInAChain(spec);
  }

  @Override
  public LayerSpec dropout(Dropout spec) {
    return asInAChain(spec);
  }

  @Override
  public LayerSpec activation(ActivationLayer spec) {
    return asInAChain(spec);
  }

  @Override
  public LayerSpec flatten(Flatten spec) {
    if (!(plan.input() instanceof Shape.Image image)) {
      return asInAChain(spec);
    }
    vertex(
        plan.name(),
        new PreprocessorVertex(
            new CnnToFeedForwardPreProcessor(image.height(), image.width(), image.channels())),
        inputs());
    return spec;
  }

  @Override
  public LayerSpec dense(Dense spec) {
    return asInAChain(spec);
  }

  @Override
  public LayerSpec zeroPadding(ZeroPadding spec) {
    return asInAChain(spec);
  }

  @Override
  public LayerSpec add(Add spec) {
    if (spec.activation() == Activation.IDENTITY) {
      vertex(plan.name(), sum(), inputs());
      return spec;
    }
    String sum = plan.name() + ".sum";
    vertex(sum, sum(), inputs());
    layer(plan.name(), Dl4jLayers.function(spec.activation(), plan.name()), sum);
    return spec;
  }

  private static GraphVertex sum() {
    return new ElementWiseVertex(ElementWiseVertex.Op.Add);
  }

  @Override
  public LayerSpec concat(Concat spec) {
    vertex(plan.name(), new MergeVertex(), inputs());
    return spec;
  }
}
