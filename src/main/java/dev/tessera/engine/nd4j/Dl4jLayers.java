package dev.tessera.engine.nd4j;

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
import dev.tessera.network.Initialiser;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/**
 * One layer as DL4J has it: a list of one, or an empty one where DL4J needs no layer (flatten is a
 * preprocessor of the next layer there; dropout of nothing is nothing).
 */
final class Dl4jLayers implements LayerSpec.Visitor<List<Layer>> {
  private static final double LEAKY_RELU_SLOPE = 0.01;

  private final NetworkPlan network;
  private final LayerPlan plan;
  private final Dl4jParts parts;

  Dl4jLayers(NetworkPlan network, LayerPlan plan, Dl4jParts parts) {
    this.network = network;
    this.plan = plan;
    this.parts = parts;
  }

  @Override
  public List<Layer> convolution(Convolution layer) {
    if (layer.depthwise(plan.input())) {
      Shape.Image input = (Shape.Image) plan.input();
      DepthwiseConvolution2D.Builder builder =
          new DepthwiseConvolution2D.Builder(Dl4jWindow.of(plan, layer).size())
              .depthMultiplier(layer.filters() / input.channels());
      return List.of(window(builder, layer).name(plan.name()).build());
    }
    if (layer.groups() > 1) {
      throw new IllegalStateException("DL4J has no layer for " + plan.name() + ", only vertices");
    }
    return List.of(ordinary(layer, layer.filters(), plan.name()));
  }

  /** One group of a convolution, under a name of its own. */
  Layer group(Convolution layer, String name) {
    return ordinary(layer, layer.filters() / layer.groups(), name);
  }

  private Layer ordinary(Convolution layer, int filters, String name) {
    ConvolutionLayer.Builder builder =
        new ConvolutionLayer.Builder(Dl4jWindow.of(plan, layer).size()).nOut(filters);
    return window(builder, layer).name(name).build();
  }

  private <T extends ConvolutionLayer.BaseConvBuilder<T>> T window(T builder, Convolution layer) {
    Dl4jWindow window = Dl4jWindow.of(plan, layer);
    return builder
        .stride(window.stride())
        .padding(window.padding())
        .dilation(window.dilation())
        .convolutionMode(window.mode())
        .hasBias(layer.bias())
        .activation(activation(layer.activation()))
        .weightInit(weightInit(layer.initialiser()));
  }

  @Override
  public List<Layer> pooling(Pooling layer) {
    Dl4jWindow window = Dl4jWindow.of(plan, layer);
    // avgPoolIncludePadInDivisor is left false: the mean is over what lies inside the picture.
    return List.of(
        new SubsamplingLayer.Builder(poolingType(layer.function()), window.size())
            .name(plan.name())
            .stride(window.stride())
            .padding(window.padding())
            .convolutionMode(window.mode())
            .build());
  }

  @Override
  public List<Layer> globalPooling(GlobalPooling layer) {
    return List.of(
        new GlobalPoolingLayer.Builder(poolingType(layer.function())).name(plan.name()).build());
  }

  @Override
  public List<Layer> batchNorm(BatchNorm layer) {
    // useLogStd would store log10 of the standard deviation, which can't be averaged as a mixture.
    BatchNormalization norm = parts.batchNorm();
    norm.setLayerName(plan.name());
    norm.setDecay(layer.momentum());
    norm.setEps(layer.epsilon());
    norm.setUseLogStd(false);
    return List.of(norm);
  }

  @Override
  public List<Layer> dropout(Dropout layer) {
    if (layer.rate() == 0) {
      return List.of();
    }
    return List.of(new DropoutLayer.Builder(1 - layer.rate()).name(plan.name()).build());
  }

  @Override
  public List<Layer> activation(ActivationLayer layer) {
    return List.of(function(layer.activation(), plan.name()));
  }

  /** An activation as a layer of its own. */
  static Layer function(Activation activation, String name) {
    return new org.deeplearning4j.nn.conf.layers.ActivationLayer.Builder()
        .name(name)
        .activation(activation(activation))
        .build();
  }

  @Override
  public List<Layer> flatten(Flatten layer) {
    return List.of();
  }

  @Override
  public List<Layer> dense(Dense layer) {
    if (plan.index() == network.layers().size() - 1) {
      return List.of(
          new OutputLayer.Builder(parts.loss(network))
              .name(plan.name())
              .nOut(layer.units())
              .hasBias(layer.bias())
              .activation(activation(layer.activation()))
              .weightInit(weightInit(layer.initialiser()))
              .build());
    }
    return List.of(
        new DenseLayer.Builder()
            .name(plan.name())
            .nOut(layer.units())
            .hasBias(layer.bias())
            .activation(activation(layer.activation()))
            .weightInit(weightInit(layer.initialiser()))
            .build());
  }

  @Override
  public List<Layer> zeroPadding(ZeroPadding layer) {
    return List.of(
        new ZeroPaddingLayer.Builder(layer.top(), layer.bottom(), layer.left(), layer.right())
            .name(plan.name())
            .build());
  }

  /** {@link Dl4jGraph} makes vertices of it. */
  @Override
  public List<Layer> add(Add layer) {
    throw new IllegalStateException("DL4J has no layer for " + plan.name() + ", only vertices");
  }

  /** {@link Dl4jGraph} makes a vertex of it. */
  @Override
  public List<Layer> concat(Concat layer) {
    throw new IllegalStateException("DL4J has no layer for " + plan.name() + ", only a vertex");
  }

  private static PoolingType poolingType(PoolingKind function) {
    return switch (function) {
      case MAX -> PoolingType.MAX;
      case AVERAGE -> PoolingType.AVG;
    };
  }

  private static IActivation activation(Activation activation) {
    return switch (activation) {
      case IDENTITY -> org.nd4j.linalg.activations.Activation.IDENTITY.getActivationFunction();
      case RELU -> org.nd4j.linalg.activations.Activation.RELU.getActivationFunction();
      case LEAKY_RELU -> new ActivationLReLU(LEAKY_RELU_SLOPE);
      case ELU -> org.nd4j.linalg.activations.Activation.ELU.getActivationFunction();
      case SIGMOID -> org.nd4j.linalg.activations.Activation.SIGMOID.getActivationFunction();
      case TANH -> org.nd4j.linalg.activations.Activation.TANH.getActivationFunction();
      case SWISH -> org.nd4j.linalg.activations.Activation.SWISH.getActivationFunction();
      case SOFTMAX -> org.nd4j.linalg.activations.Activation.SOFTMAX.getActivationFunction();
    };
  }

  /** Tessera draws the initial parameters itself; DL4J's configuration names the same rule. */
  private static WeightInit weightInit(Initialiser initialiser) {
    return switch (initialiser) {
      case HE_NORMAL -> WeightInit.RELU;
      case HE_UNIFORM -> WeightInit.RELU_UNIFORM;
      case GLOROT_NORMAL -> WeightInit.XAVIER;
      case GLOROT_UNIFORM -> WeightInit.XAVIER_UNIFORM;
      case LECUN_NORMAL -> WeightInit.LECUN_NORMAL;
    };
  }
}
