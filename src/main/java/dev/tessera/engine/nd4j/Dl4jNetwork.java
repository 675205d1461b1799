package dev.tessera.engine.nd4j;

import dev.tessera.engine.Workload;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
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
  }
}
