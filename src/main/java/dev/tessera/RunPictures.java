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
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.Mistake;
import java.util.List;
import java.util.Optional;

/**
 * {@code pictures.json}: the kernels of the first convolution, and the mistakes that the network
 * was most certain of, as small PNG files.
 */
final class RunPictures {
  private static final int SCHEMA = 1;
  private static final int MOST_KERNELS = 64;
  private static final int GREY = 128;
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunPictures() {}

  static ObjectNode json(NetworkPlan network, ReplicaState state, Optional<Evaluation> evaluation) {
    ObjectNode json = JSON.createObjectNode().put("schema", SCHEMA);
    firstConvolution(network)
        .ifPresent(layer -> json.set("kernels", kernels(layer, state.parameters())));
    ArrayNode mistakes = json.putArray("mistakes");
    evaluation.ifPresent(
        figures -> figures.mistakes().forEach(mistake -> mistakes.add(json(mistake))));
    return json;
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
    Shape.Image shape = mistake.picture().shape();
    return JSON.createObjectNode()
        .put("origin", mistake.origin())
        .put("label", mistake.label())
        .put("predicted", mistake.predicted())
        .put("probability", mistake.probability())
        .put("height", shape.height())
        .put("width", shape.width())
        .put(
            "png",
            Png.of(shape.height(), shape.width(), shape.channels(), mistake.picture().pixels()));
  }
}
