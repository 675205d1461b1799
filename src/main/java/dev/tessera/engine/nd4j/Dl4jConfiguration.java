package dev.tessera.engine.nd4j;

import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.network.Convolution;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * A workload as DL4J's configuration: NCHW input, the layers under our names, parameters and
 * updater state laid out as {@link dev.tessera.engine.ReplicaState} has them.
 *
 * <p>A chain of layers is a multi-layer network there; one with joins or grouped convolutions is a
 * computation graph ({@link #needsGraph}). DL4J's layer indices are not ours: flatten is a
 * preprocessor there.
 *
 * <p>Configurations have the network, the updater, l1 and l2. DL4J has no words for label smoothing
 * and clipping by the norm of all gradients; those, class weights and clipping by value are left
 * out.
 */
public final class Dl4jConfiguration {
  private Dl4jConfiguration() {}

  /** Whether DL4J can say this network only as a graph. Depthwise convolutions are layers. */
  public static boolean needsGraph(NetworkPlan network) {
    return network.branches()
        || network.layers().stream()
            .anyMatch(
                layer ->
                    layer.spec() instanceof Convolution convolution
                        && convolution.groups() > 1
                        && !convolution.depthwise(layer.input()));
  }

  /**
   * A chain, of DL4J's own classes alone: for model files and DL4J's own trainers. Classical
   * momentum, which DL4J lacks, is written as Nesterov's.
   *
   * @param seed of DL4J's own draws (dropout, should training go on there)
   */
  public static MultiLayerConfiguration portable(
      Workload workload, long seed, double learningRate) {
    return chain(workload, new Dl4jParts.Portable(seed, learningRate));
  }

  /** Any network as a graph, else as {@link #portable}. */
  public static ComputationGraphConfiguration portableGraph(
      Workload workload, long seed, double learningRate) {
    return Dl4jGraph.of(workload, new Dl4jParts.Portable(seed, learningRate));
  }

  /** A chain for an open replica. */
  static MultiLayerConfiguration stepping(Workload workload) {
    return chain(workload, new Dl4jParts.Stepping());
  }

  /** A graph for an open replica. */
  static ComputationGraphConfiguration steppingGraph(Workload workload) {
    return Dl4jGraph.of(workload, new Dl4jParts.Stepping());
  }

  private static MultiLayerConfiguration chain(Workload workload, Dl4jParts parts) {
    NeuralNetConfiguration.ListBuilder layers = builder(workload, parts).list();
    addLayers(layers, workload, parts);
    MultiLayerConfiguration configuration =
        layers.setInputType(inputType(workload.network())).build();
    configuration.getConfs().forEach(Dl4jConfiguration::nameParameters);
    return configuration;
  }

  static NeuralNetConfiguration.Builder builder(Workload workload, Dl4jParts parts) {
    return new NeuralNetConfiguration.Builder()
        .seed(parts.seed())
        .dataType(DataType.FLOAT)
        .updater(parts.updater(workload.updater()))
        .cacheMode(parts.cacheMode());
  }

  static InputType inputType(NetworkPlan network) {
    Shape.Image input = network.input();
    return InputType.convolutional(input.height(), input.width(), input.channels());
  }

  /**
   * What DL4J does only when it opens a network. Reading its JSON, DL4J takes batch norm's {@code
   * useLogStd} not from the field of that name but from whether a parameter is named {@code var}: a
   * configuration written before a network was opened would come back with variances read as
   * logarithms.
   */
  static void nameParameters(NeuralNetConfiguration layer) {
    if (layer.getLayer().initializer() != null) {
      layer.getLayer().initializer().paramKeys(layer.getLayer()).forEach(layer::addVariable);
    }
  }

  private static void addLayers(
      NeuralNetConfiguration.ListBuilder layers, Workload workload, Dl4jParts parts) {
    NetworkPlan network = workload.network();
    int index = 0;
    @Nullable CnnToFeedForwardPreProcessor flatten = null;
    for (LayerPlan plan : network.layers()) {
      List<Layer> made = plan.spec().accept(new Dl4jLayers(network, plan, parts));
      if (made.isEmpty()
          && plan.input() instanceof Shape.Image image
          && plan.output() instanceof Shape.Vector) {
        flatten = new CnnToFeedForwardPreProcessor(image.height(), image.width(), image.channels());
      }
      for (Layer layer : made) {
        if (flatten != null) {
          layers.inputPreProcessor(index, flatten);
          flatten = null;
        }
        regularise(layer, workload, parts);
        layers.layer(index++, layer);
      }
    }
  }

  /**
   * DL4J applies these to weights alone, not to biases, gamma or beta. They are set layer by layer:
   * given to the whole network, DL4J 1.0.0-M2.1 adds weight decay to every layer twice.
   */
  static void regularise(Layer layer, Workload workload, Dl4jParts parts) {
    if (!(layer instanceof BaseLayer parameterised)) {
      return;
    }
    List<Regularization> terms = new ArrayList<>();
    if (parts.regularises(workload)) {
      addTerms(terms, workload);
    }
    parameterised.setRegularization(terms);
  }

  private static void addTerms(List<Regularization> terms, Workload workload) {
    Regularisation regularisation = workload.regularisation();
    if (regularisation.l1() > 0) {
      terms.add(new L1Regularization(regularisation.l1()));
    }
    if (regularisation.l2() > 0) {
      terms.add(new L2Regularization(regularisation.l2()));
    }
    if (workload.updater() instanceof Updater.AdamW adamW && adamW.weightDecay() > 0) {
      terms.add(new WeightDecay(adamW.weightDecay(), true));
    }
  }
}
