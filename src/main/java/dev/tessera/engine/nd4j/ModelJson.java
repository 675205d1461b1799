package dev.tessera.engine.nd4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The two entries of ours in a model file, {@code classes.json} and {@code model.json}. */
final class ModelJson {
  /** Of {@code model.json}; one more whenever an older reader would misread it. */
  static final int SCHEMA = 1;

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ModelJson() {}

  static byte[] classes(List<String> classNames) {
    ArrayNode array = MAPPER.createArrayNode();
    classNames.forEach(array::add);
    return bytes(array);
  }

  static byte[] model(StoredModel model) {
    ObjectNode root = MAPPER.createObjectNode().put("schema", SCHEMA);
    putImage(root.putObject("image"), model.image(), model.workload().scaling());
    putNetwork(root.putObject("network"), model.workload().network());
    putTraining(root.putObject("training"), model);
    return bytes(root);
  }

  private static void putImage(ObjectNode object, ImageSettings image, PixelScaling scaling) {
    object
        .put("height", image.height())
        .put("width", image.width())
        .put("channels", image.channels())
        .put("scaling", image.scaling().name().toLowerCase(Locale.ROOT))
        .put("maxPixels", image.maxPixels());
    ArrayNode scale = object.putArray("scale");
    scaling.scale().forEach(value -> scale.add(value));
    ArrayNode shift = object.putArray("shift");
    scaling.shift().forEach(value -> shift.add(value));
  }

  private static void putNetwork(ObjectNode object, NetworkPlan network) {
    object.put("name", network.name()).put("classes", network.classes());
    ArrayNode layers = object.putArray("layers");
    for (LayerPlan layer : network.layers()) {
      layers.add(LayerJson.write(layer.spec()));
    }
  }

  private static void putTraining(ObjectNode object, StoredModel model) {
    object.set("updater", UpdaterJson.write(model.workload().updater()));
    object
        .put("l2", model.workload().l2())
        .put("batchSize", model.workload().batchSize())
        .put("seed", model.facts().seed())
        .put("epochs", model.facts().epochs())
        .put("iterations", model.facts().iterations())
        .put("learningRate", model.facts().learningRate());
  }

  /** All fields are there and of the right type; records' own checks apply on top. */
  static StoredModel read(byte[] modelJson, byte[] classesJson, float[] parameters, float[] state)
      throws IOException {
    JsonFields root = new JsonFields("", MAPPER.readTree(modelJson));
    if (root.integer("schema") != SCHEMA) {
      throw new MalformedModelException(
          "has schema "
              + root.integer("schema")
              + " where this version reads "
              + SCHEMA
              + "; another version of Tessera has written it");
    }
    ImageSettings image = readImage(root.object("image"));
    JsonFields training = root.object("training");
    Workload workload =
        new Workload(
            readNetwork(root.object("network"), image),
            readScaling(root.object("image")),
            readUpdater(training),
            training.number("l2"),
            training.integer("batchSize"));
    return new StoredModel(
        workload,
        image,
        readClasses(classesJson),
        readFacts(training),
        new ReplicaState(parameters, state));
  }

  private static Updater readUpdater(JsonFields training) throws IOException {
    return UpdaterJson.read(training.object("updater"));
  }

  private static ImageSettings readImage(JsonFields image) throws IOException {
    return new ImageSettings(
        image.integer("height"),
        image.integer("width"),
        image.integer("channels"),
        image.constant("scaling", PixelScaling.Kind.class),
        image.whole("maxPixels"));
  }

  private static PixelScaling readScaling(JsonFields image) throws IOException {
    return new PixelScaling(image.floats("scale"), image.floats("shift"));
  }

  private static NetworkPlan readNetwork(JsonFields network, ImageSettings image)
      throws IOException {
    List<LayerSpec> layers = new ArrayList<>();
    for (JsonFields layer : network.objects("layers")) {
      layers.add(LayerJson.read(layer));
    }
    return new NetworkSpec(network.text("name"), layers)
        .compile(image.shape(), network.integer("classes"));
  }

  private static RunFacts readFacts(JsonFields training) throws IOException {
    return new RunFacts(
        training.whole("seed"),
        training.integer("epochs"),
        training.whole("iterations"),
        training.number("learningRate"));
  }

  private static List<String> readClasses(byte[] json) throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode name : MAPPER.readTree(json)) {
      names.add(name.asText());
    }
    return names;
  }

  private static byte[] bytes(JsonNode node) {
    try {
      String text = MAPPER.writeValueAsString(node);
      return (text.replace("\r\n", "\n") + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write JSON of our own making", e);
    }
  }
}
