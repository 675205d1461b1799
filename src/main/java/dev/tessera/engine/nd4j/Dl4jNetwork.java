package dev.tessera.engine.nd4j;

import dev.tessera.engine.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's two kinds of networks, as far as a replica needs them. */
interface Dl4jNetwork {

  /** Open, with parameters of zero; given zeros, DL4J draws none. */
  static Dl4jNetwork open(Workload workload, StepRate rate) {
    INDArray zeros = Nd4j.create(DataType.FLOAT, workload.network().parameterCount());
    if (Dl4jConfiguration.needsGraph(workload.network())) {
      ComputationGraph graph = new ComputationGraph(Dl4jConfiguration.steppingGraph(workload));
      graph.init(zeros, false);
      graph.initGradientsView();
      rate.drive(graph.getLayers());
      return new Graph(graph);
    }
    MultiLayerNetwork chain = new MultiLayerNetwork(Dl4jConfiguration.stepping(workload));
    chain.init(zeros, false);
    chain.initGradientsView();
    rate.drive(chain.getLayers());
    return new Chain(chain);
  }

  /** Puts the updater under our rules. To be called before its first use. */
  void rule(GradientRules rules);

  Layer outputLayer();

  INDArray parameters();

  INDArray gradients();

  /** Null where there is none, as for sgd. */
  @Nullable INDArray updaterState();

  void iteration(int iteration);

  void fit(INDArray pictures, INDArray labels);

  /** In inference mode, in an array of its own. */
  INDArray output(INDArray pictures);

  /**
   * In inference mode, layer after layer in an order in which each comes after those that it reads.
   * Every layer gets a copy: DL4J's activation layers write over what they are given, so that the
   * arrays of its own pass don't show what the layers before them gave.
   */
  void activations(INDArray pictures, Given given);

  /** Takes what layers give. */
  interface Given {
    /** The array is freed when the last layer has given its own. */
    void layer(String name, INDArray values);
  }

  /** A chain of layers. */
  record Chain(MultiLayerNetwork network) implements Dl4jNetwork {
    @Override
    public void rule(GradientRules rules) {
      network.setUpdater(new RuledUpdaters.OfChain(network, rules));
    }

    @Override
    public Layer outputLayer() {
      return network.getOutputLayer();
    }

    @Override
    public INDArray parameters() {
      return network.params();
    }

    @Override
    public INDArray gradients() {
      return network.getGradientsViewArray();
    }

    @Override
    public @Nullable INDArray updaterState() {
      Updater updater = network.getUpdater();
      return updater.getStateViewArray();
    }

    @Override
    public void iteration(int iteration) {
      network.getLayerWiseConfigurations().setIterationCount(iteration);
    }

    @Override
    public void fit(INDArray pictures, INDArray labels) {
      network.fit(pictures, labels);
    }

    @Override
    public INDArray output(INDArray pictures) {
      return network.output(pictures, false);
    }

    @Override
    public void activations(INDArray pictures, Given given) {
      LayerWorkspaceMgr outside = LayerWorkspaceMgr.noWorkspaces();
      try (Copies copies = new Copies()) {
        INDArray last = pictures;
        for (int i = 0; i < network.getnLayers(); i++) {
          Layer layer = network.getLayer(i);
          INDArray input = copies.of(last);
          InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(i);
          if (before != null) {
            input = before.preProcess(input, (int) input.size(0), outside);
          }
          last = copies.made(layer.activate(input, false, outside));
          layer.clear();
          given.layer(layer.conf().getLayer().getLayerName(), last);
        }
      }
    }
  }

  /** Layers with joins. */
  record Graph(ComputationGraph network) implements Dl4jNetwork {
    @Override
    public void rule(GradientRules rules) {
      network.setUpdater(new RuledUpdaters.OfGraph(network, rules));
    }

    @Override
    public Layer outputLayer() {
      return network.getOutputLayer(0);
    }

    @Override
    public INDArray parameters() {
      return network.params();
    }

    @Override
    public INDArray gradients() {
      return network.getGradientsViewArray();
    }

    @Override
    public @Nullable INDArray updaterState() {
      return network.getUpdater().getStateViewArray();
    }

    @Override
    public void iteration(int iteration) {
      network.getConfiguration().setIterationCount(iteration);
    }

    @Override
    public void fit(INDArray pictures, INDArray labels) {
      network.fit(new INDArray[] {pictures}, new INDArray[] {labels});
    }

    @Override
    public INDArray output(INDArray pictures) {
      return network.outputSingle(false, pictures);
    }

    @Override
    public void activations(INDArray pictures, Given given) {
      LayerWorkspaceMgr outside = LayerWorkspaceMgr.noWorkspaces();
      // Vertices ask the graph for the size of the minibatch.
      network.setInput(0, pictures);
      try (Copies copies = new Copies()) {
        Map<Integer, INDArray> made = new HashMap<>();
        for (int index : network.topologicalSortOrder()) {
          GraphVertex vertex = network.getVertices()[index];
          if (vertex.isInputVertex()) {
            made.put(index, pictures);
            continue;
          }
          VertexIndices[] inputs = vertex.getInputVertices();
          for (int i = 0; i < inputs.length; i++) {
            INDArray input = Objects.requireNonNull(made.get(inputs[i].getVertexIndex()));
            vertex.setInput(i, copies.of(input), outside);
          }
          INDArray values = copies.made(vertex.doForward(false, outside));
          vertex.clear();
          made.put(index, values);
          given.layer(vertex.getVertexName(), values);
        }
      }
    }
  }

  /** Frees arrays, of which several may look into the same memory, when all have been used. */
  final class Copies implements AutoCloseable {
    private final List<INDArray> arrays = new ArrayList<>();

    INDArray of(INDArray array) {
      return made(array.dup('c'));
    }

    INDArray made(INDArray array) {
      arrays.add(array);
      return array;
    }

    @Override
    public void close() {
      arrays.forEach(Nd4jReplica::free);
      arrays.clear();
    }
  }
}
