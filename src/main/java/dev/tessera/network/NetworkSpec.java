package dev.tessera.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as the job states it: a name and a list of layers, not yet fitted to an input.
 *
 * @param name {@code reference}, {@code lenet5}, ..., or {@code custom} for a list of layers in the
 *     job file
 */
public record NetworkSpec(String name, List<LayerSpec> layers) implements Serializable {
  public NetworkSpec {
    layers = List.copyOf(layers);
  }

  /**
   * Fits the layers to an input and a number of classes.
   *
   * @throws NetworkException naming the first layer that can't work, the shape it got, why, and
   *     what to do
   */
  public NetworkPlan compile(Shape.Image input, int classes) {
    checkOutput(classes);
    Map<String, Integer> counts = new HashMap<>();
    List<LayerPlan> plans = new ArrayList<>();
    Shape shape = input;
    int offset = 0;
    for (int i = 0; i < layers.size(); i++) {
      LayerSpec layer = layers.get(i);
      if (layer instanceof Dense dense && dense.units() == Dense.CLASSES) {
        layer = dense.withUnits(classes);
      }
      String name = layer.kind() + counts.merge(layer.kind(), 1, Integer::sum);
      try {
        Shape output = layer.outputShape(shape);
        LayerPlan plan =
            new LayerPlan(i, name, layer, shape, output, layer.parameters(shape, offset));
        plans.add(plan);
        offset = Math.addExact(offset, plan.parameterCount());
        shape = output;
      } catch (NetworkException e) {
        throw new NetworkException(
            i, e.component(), "layer " + (i + 1) + " (" + name + "): " + e.getMessage());
      } catch (ArithmeticException e) {
        throw new NetworkException(
            i,
            "",
            "layer "
                + (i + 1)
                + " ("
                + name
                + "), which gets "
                + shape
                + ", makes the network larger than 2^31 values."
                + " Pool or stride more before it.");
      }
    }
    return new NetworkPlan(name, input, classes, plans);
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
