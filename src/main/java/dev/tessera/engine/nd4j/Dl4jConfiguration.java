package dev.tessera.engine.nd4j;

import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * A workload as DL4J's configuration: NCHW input, the layers under our names, parameters and
 * updater state laid out as {@link dev.tessera.engine.ReplicaState} has them.
 *
 * <p>DL4J's layer indices are not ours: flatten is a preprocessor there.
 */
public final class Dl4jConfiguration {
  private Dl4jConfiguration() {}

  /**
   * Of DL4J's own classes alone: for model files and DL4J's own trainers. Classical momentum, which
   * DL4J lacks, is written as Nesterov's.
   *
   * @param seed of DL4J's own draws (dropout, should training go on there)
   */
  public static MultiLayerConfiguration portable(
      Workload workload, long seed, double learningRate) {
    return build(workload, new Dl4jParts.Portable(seed, learningRate));
  }

  /** For an open replica. */
  static MultiLayerConfiguration stepping(Workload workload) {
    return build(workload, new Dl4jParts.Stepping());
  }

  private static MultiLayerConfiguration build(Workload workload, Dl4jParts parts) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(parts.seed())
            .dataType(DataType.FLOAT)
            .updater(parts.updater(workload.updater()))
            .cacheMode(parts.cacheMode())
            .list();
    addLayers(layers, workload, parts);
    Shape.Image input = workload.network().input();
    MultiLayerConfiguration configuration =
        layers
            .setInputType(InputType.convolutional(input.height(), input.width(), input.channels()))
            .build();
    nameParameters(configuration);
    return configuration;
  }

  /**
   * What DL4J does only when it opens a network. Reading its JSON, DL4J takes batch norm's {@code
   * useLogStd} not from the field of that name but from whether a parameter is named {@code var}: a
   * configuration written before a network was opened would come back with variances read as
   * logarithms.
   */
  private static void nameParameters(MultiLayerConfiguration configuration) {
    for (NeuralNetConfiguration layer : configuration.getConfs()) {
      if (layer.getLayer().initializer() != null) {
        layer.getLayer().initializer().paramKeys(layer.getLayer()).forEach(layer::addVariable);
      }
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
        regularise(layer, workload);
        layers.layer(index++, layer);
      }
    }
  }

  /**
   * DL4J applies these to weights alone, not to biases, gamma or beta. They are set layer by layer:
   * given to the whole network, DL4J 1.0.0-M2.1 adds weight decay to every layer twice.
   */
  private static void regularise(Layer layer, Workload workload) {
    if (!(layer instanceof BaseLayer parameterised)) {
      return;
    }
    List<Regularization> terms = new ArrayList<>();
    if (workload.regularisation().l2() > 0) {
      terms.add(new L2Regularization(workload.regularisation().l2()));
    }
    if (workload.updater() instanceof Updater.AdamW adamW && adamW.weightDecay() > 0) {
      terms.add(new WeightDecay(adamW.weightDecay(), true));
    }
    parameterised.setRegularization(terms);
  }
}
