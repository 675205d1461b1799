package dev.tessera.network;

import java.io.Serializable;
import java.util.List;

/**
 * A network as the job states it: a name and layers in an order in which each comes after those
 * whose outputs it takes, not yet fitted to an input.
 *
 * @param name {@code reference}, {@code lenet5}, ..., or {@code custom} for a list of layers in the
 *     job file
 */
public record NetworkSpec(String name, List<NodeSpec> nodes) implements Serializable {
  public NetworkSpec {
    nodes = List.copyOf(nodes);
  }

  /** Layers of which each takes the output of the one before. */
  public static NetworkSpec chain(String name, List<LayerSpec> layers) {
    return new NetworkSpec(name, layers.stream().map(NodeSpec::of).toList());
  }

  public List<LayerSpec> layers() {
    return nodes.stream().map(NodeSpec::layer).toList();
  }

  /**
   * Fits the layers to an input and a number of classes.
   *
   * @throws NetworkException naming the first layer that can't work, the shapes it got, why, and
   *     what to do
   */
  public NetworkPlan compile(Shape.Image input, int classes) {
    checkOutput(classes);
    NetworkCompiler compiler = new NetworkCompiler(input, classes);
    nodes.forEach(compiler::add);
    return new NetworkPlan(name, input, classes, compiler.finish());
  }

  private void checkOutput(int classes) {
    if (classes < 2) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "",
          "the data set has "
              + classes
              + (classes == 1 ? " class" : " classes")
              + ". A classifier needs at least 2: add a folder or labels of another class.");
    }
    List<LayerSpec> layers = layers();
    if (layers.isEmpty()) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "",
          "the network has no layers. End it with { dense = classes, activation = softmax }.");
    }
    int last = layers.size() - 1;
    for (int i = 0; i < last; i++) {
      if (hasSoftmax(layers.get(i))) {
        throw new NetworkException(
            i,
            "activation",
            "layer "
                + (i + 1)
                + " has activation softmax but is not the last. Only the output may have it;"
                + " use relu here.");
      }
    }
    if (!(layers.get(last) instanceof Dense output)
        || (output.activation() != Activation.SOFTMAX
            && output.activation() != Activation.SIGMOID)) {
      throw new NetworkException(
          last,
          "",
          "layer "
              + (last + 1)
              + " is the last but makes no probabilities. End the network with"
              + " { dense = classes, activation = softmax }, or { dense = 1, activation = sigmoid } for two classes.");
    }
    if (output.activation() == Activation.SOFTMAX
        && output.units() != Dense.CLASSES
        && output.units() != classes) {
      throw new NetworkException(
          last,
          "units",
          "layer "
              + (last + 1)
              + " (dense) has "
              + output.units()
              + " outputs but the data set has "
              + classes
              + " classes. Softmax needs one output a class: write { dense = classes, activation = softmax }.");
    }
    if (output.activation() == Activation.SIGMOID && (output.units() != 1 || classes != 2)) {
      String units =
          output.units() == Dense.CLASSES
              ? "one output a class"
              : output.units() + " output" + (output.units() == 1 ? "" : "s");
      throw new NetworkException(
          last,
          "units",
          "layer "
              + (last + 1)
              + " (dense, sigmoid) has "
              + units
              + " and the data set "
              + classes
              + " classes. Sigmoid is for one output and two classes: write { dense = 1, activation = sigmoid } for two classes, else"
              + " { dense = classes, activation = softmax }.");
    }
  }

  private static boolean hasSoftmax(LayerSpec layer) {
    if (layer instanceof Dense dense) {
      return dense.activation() == Activation.SOFTMAX;
    }
    return layer instanceof Convolution convolution
        && convolution.activation() == Activation.SOFTMAX;
  }
}
