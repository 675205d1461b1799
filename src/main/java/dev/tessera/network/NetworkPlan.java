package dev.tessera.network;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.Serializable;
import java.util.List;

/**
 * A checked network: every layer with its shapes and its parameters' places in one flat vector, in
 * DL4J's order. A layer comes after all layers whose outputs it takes, and the last one's output is
 * the network's.
 *
 * @param classes number of classes of the data set, at least 2
 */
public record NetworkPlan(String name, Shape.Image input, int classes, List<LayerPlan> layers)
    implements Serializable {
  public NetworkPlan {
    layers = List.copyOf(layers);
  }

  /** All parameter blocks in the order of the flat vector. */
  public List<ParameterBlock> blocks() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /** Length of the flat vector, running moments included. */
  public int parameterCount() {
    return layers.stream().mapToInt(LayerPlan::parameterCount).sum();
  }

  /** How many of the parameters gradients change; the updater keeps state for these alone. */
  public int trainableCount() {
    return blocks().stream()
        .filter(block -> block.role().trainable())
        .mapToInt(ParameterBlock::size)
        .sum();
  }

  /** Whether it is more than a chain, that is, whether it has joins. */
  public boolean branches() {
    return layers.stream().anyMatch(layer -> layer.spec() instanceof JoinSpec);
  }

  /** The last layer, which makes the loss: softmax over all classes, or one sigmoid for two. */
  public Dense outputLayer() {
    return (Dense) layers.get(layers.size() - 1).spec();
  }

  /** Whether the output is one sigmoid, the probability of class 1. */
  public boolean sigmoidOutput() {
    return outputLayer().activation() == Activation.SIGMOID;
  }

  /** The parameters a run starts from: a pure function of the network and the seed. */
  public float[] initialParameters(long seed) {
    float[] parameters = new float[parameterCount()];
    for (LayerPlan layer : layers) {
      for (int i = 0; i < layer.parameters().size(); i++) {
        ParameterBlock block = layer.parameters().get(i);
        switch (block.role()) {
          case WEIGHT ->
              drawWeights(
                  parameters,
                  layer,
                  block,
                  RandomStream.of(seed, Purpose.INITIALISATION, layer.index(), i));
          case GAMMA, RUNNING_VARIANCE ->
              java.util.Arrays.fill(parameters, block.offset(), block.end(), 1f);
          case BIAS, BETA, RUNNING_MEAN -> {}
        }
      }
    }
    return parameters;
  }

  private static void drawWeights(
      float[] parameters, LayerPlan layer, ParameterBlock block, RandomStream random) {
    List<Integer> shape = block.shape();
    int fanIn;
    int fanOut;
    Initialiser initialiser;
    if (layer.spec() instanceof Convolution convolution) {
      int area = convolution.kernel().height() * convolution.kernel().width();
      int channels = ((Shape.Image) layer.input()).channels();
      fanIn = channels / convolution.groups() * area;
      fanOut = convolution.filters() / convolution.groups() * area;
      initialiser = convolution.initialiser();
    } else if (layer.spec() instanceof Dense dense) {
      fanIn = shape.get(0);
      fanOut = shape.get(1);
      initialiser = dense.initialiser();
    } else {
      throw new IllegalStateException("Layer " + layer.name() + " has weights but no initialiser");
    }
    for (int i = block.offset(); i < block.end(); i++) {
      parameters[i] = (float) initialiser.draw(random, fanIn, fanOut);
    }
  }
}
