package dev.tessera;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.engine.ReplicaState;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Shape;
import dev.tessera.preview.Png;
import dev.tessera.run.JsonNumbers;
import dev.tessera.run.RunLog;
import dev.tessera.stats.ChannelMaps;
import dev.tessera.stats.ClassProbability;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.ImageActivations;
import dev.tessera.stats.Mistake;
import dev.tessera.stats.SmallPicture;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code pictures.json}: the kernels of the first convolution, the mistakes that the network was
 * most certain of, and what its layers make of a few images, as small PNG files.
 */
final class RunPictures {
  private static final int SCHEMA = 1;
  private static final int MOST_KERNELS = 64;
  private static final int GREY = 128;
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunPictures() {}

  /**
   * The file.
   *
   * @param activations of the same layers all; none if they were not or could not be computed
   */
  static ObjectNode json(
      NetworkPlan network,
      ReplicaState state,
      Optional<Evaluation> evaluation,
      List<ImageActivations> activations) {
    ObjectNode json = JSON.createObjectNode().put("schema", SCHEMA);
    firstConvolution(network)
        .ifPresent(layer -> json.set("kernels", kernels(layer, state.parameters())));
    ArrayNode mistakes = json.putArray("mistakes");
    evaluation.ifPresent(
        figures -> figures.mistakes().forEach(mistake -> mistakes.add(json(mistake))));
    if (!activations.isEmpty()) {
      json.set("activations", activations(network, activations));
    }
    return json;
  }

  /** What is the same of every image once, then image after image. */
  private static ObjectNode activations(NetworkPlan network, List<ImageActivations> activations) {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode layers = json.putArray("layers");
    for (ImageActivations.Layer layer : activations.get(0).layers()) {
      layers.add(json(network.layers().get(layer.index()), layer.maps()));
    }
    ArrayNode images = json.putArray("images");
    activations.forEach(image -> images.add(json(network, image)));
    return json;
  }

  private static ObjectNode json(LayerPlan layer, ChannelMaps maps) {
    ObjectNode json =
        JSON.createObjectNode().put("layer", layer.name()).put("kind", layer.spec().kind());
    ArrayNode shape = json.putArray("shape");
    if (layer.output() instanceof Shape.Image image) {
      shape.add(image.height()).add(image.width()).add(image.channels());
    } else {
      shape.add(layer.output().size());
    }
    return json.put("shown", maps.shown()).put("height", maps.height()).put("width", maps.width());
  }

  private static ObjectNode json(NetworkPlan network, ImageActivations image) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("origin", image.example().origin())
            .put("label", image.example().label());
    put(json, image.picture());
    ArrayNode probabilities = json.putArray("probabilities");
    for (ClassProbability one : image.probabilities()) {
      probabilities
          .addObject()
          .put("class", one.index())
          .set("probability", JsonNumbers.of(one.probability()));
    }
    ArrayNode layers = json.putArray("layers");
    for (ImageActivations.Layer layer : image.layers()) {
      Shape shape = network.layers().get(layer.index()).output();
      layers
          .addObject()
          .put("least", layer.maps().least())
          .put("largest", layer.maps().largest())
          .put("png", png(shape, layer.maps()));
    }
    return json;
  }

  /** Maps one below the other; of a vector its values side by side. */
  private static byte[] png(Shape shape, ChannelMaps maps) {
    return shape instanceof Shape.Image
        ? Png.of(maps.shown() * maps.height(), maps.width(), 1, maps.pixels())
        : Png.of(1, maps.shown(), 1, maps.pixels());
  }

  /**
   * What the layers make of images of a set, or nothing and a warning: whatever is wrong with these
   * pictures, the run is not. Its stack is in the log file.
   *
   * @param stopped whether Spark is: then what was thrown goes on, and the same command makes the
   *     pictures when the run goes on
   */
  static List<ImageActivations> orNone(
      RunLog log,
      String set,
      BooleanSupplier stopped,
      Supplier<List<ImageActivations>> activations) {
    try {
      return activations.get();
    } catch (RuntimeException | Error e) {
      if (stopped.getAsBoolean()) {
        throw e;
      }
      log.warn(
          "The run is whole, but there are no pictures of what the layers make of images of the "
              + set
              + " set: "
              + (e.getMessage() == null ? e : e.getMessage()));
      log.recordStack(e);
      return List.of();
    }
  }

  private static Optional<LayerPlan> firstConvolution(NetworkPlan network) {
    return network.layers().stream().filter(layer -> weights(layer).isPresent()).findFirst();
  }

  /** Outputs x inputs x height x width. */
  private static Optional<ParameterBlock> weights(LayerPlan layer) {
    return layer.parameters().stream()
        .filter(block -> block.role() == ParameterRole.WEIGHT && block.shape().size() == 4)
        .findFirst();
  }

  /** Grey is 0; the weight of the largest size in the layer is black or white, or a full colour. */
  private static ObjectNode kernels(LayerPlan layer, float[] parameters) {
    ParameterBlock block = weights(layer).orElseThrow();
    List<Integer> shape = block.shape();
    float largest = 0;
    for (int i = block.offset(); i < block.end(); i++) {
      largest = Math.max(largest, Math.abs(parameters[i]));
    }
    ObjectNode json =
        JSON.createObjectNode()
            .put("layer", layer.name())
            .put("outputs", shape.get(0))
            .put("inputs", shape.get(1))
            .put("height", shape.get(2))
            .put("width", shape.get(3))
            .put("largest", largest);
    ArrayNode pictures = json.putArray("png");
    for (int output = 0; output < Math.min(MOST_KERNELS, shape.get(0)); output++) {
      pictures.add(kernel(block, output, parameters, largest));
    }
    return json;
  }

  /** In colour of three inputs, else the mean over the inputs. */
  private static byte[] kernel(ParameterBlock block, int output, float[] parameters, float most) {
    int inputs = block.shape().get(1);
    int area = block.shape().get(2) * block.shape().get(3);
    int channels = inputs == 3 ? 3 : 1;
    byte[] pixels = new byte[area * channels];
    for (int i = 0; i < pixels.length; i++) {
      double sum = 0;
      for (int input = i % channels; input < inputs; input += channels) {
        sum += parameters[block.offset() + (output * inputs + input) * area + i / channels];
      }
      double weight = sum * channels / inputs / Math.max(most, Float.MIN_NORMAL);
      pixels[i] = (byte) Math.round(GREY + (GREY - 1) * Math.max(-1, Math.min(1, weight)));
    }
    return Png.of(block.shape().get(2), block.shape().get(3), channels, pixels);
  }

  private static ObjectNode json(Mistake mistake) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("origin", mistake.origin())
            .put("label", mistake.label())
            .put("predicted", mistake.predicted())
            .put("probability", mistake.probability());
    put(json, mistake.picture());
    return json;
  }

  private static void put(ObjectNode json, SmallPicture picture) {
    Shape.Image shape = picture.shape();
    json.put("height", shape.height())
        .put("width", shape.width())
        .put("png", Png.of(shape.height(), shape.width(), shape.channels(), picture.pixels()));
  }
}
