package dev.tessera.job;

import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkException;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.NodeSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code model}: the name of a network, or {@code { layers = [ ... ] }}. */
final class ModelParser {
  static final String CUSTOM = "custom";
  static final Key<String> NAME =
      Key.of(
          "model",
          Word.among(NamedNetworks.names()),
          "reference",
          "",
          "The network: a name, or { layers = [ ... ] }.");
  static final Key<String> LAYERS =
      Group.key(
          "layers",
          "list of layers",
          "[ { conv = 32, kernel = 3 }, ..., { dense = classes, activation = softmax } ]",
          Key.REQUIRED,
          "The layers from the picture to the classes, each after those whose outputs it takes.");
  static final List<Key<?>> KEYS = List.of(LAYERS);

  private final Problems problems;

  ModelParser(Problems problems) {
    this.problems = problems;
  }

  /** A network and where it stands; after a problem, a network that only stands in. */
  record Model(NetworkSpec network, ModelOrigin origin, Place place, List<Place> layers) {
    Place place(NetworkException e) {
      return e.layer() >= 0 && e.layer() < layers.size() ? layers.get(e.layer()) : place;
    }
  }

  Model read(Section root) {
    Node model = root.find(NAME);
    if (model == null || !model.isObject()) {
      return named(root, model);
    }
    Section section = new Section(model, KEYS, problems);
    List<NodeSpec> layers = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    List<String> origins = new ArrayList<>();
    for (Node layer : layers(section)) {
      NodeSpec spec = new LayerParser(problems).read(layer);
      if (spec != null) {
        layers.add(spec);
        places.add(layer.place());
        origins.add(layer.place() + ": " + layer.path());
      }
    }
    NetworkSpec network = new NetworkSpec(CUSTOM, layers);
    Place place = model.place();
    return new Model(network, new ModelOrigin(place + ": model", origins), place, places);
  }

  private Model named(Section root, @Nullable Node model) {
    NetworkSpec network = NamedNetworks.named(root.read(NAME));
    Place place = model == null ? problems.nowhere() : model.place();
    String origin = place + ": model = " + network.name();
    return new Model(network, new ModelOrigin(origin, List.of()), place, List.of());
  }

  private static List<Node> layers(Section section) {
    Node layers = section.find(LAYERS);
    if (layers == null) {
      section.missing(LAYERS);
      return List.of();
    }
    if (!layers.isList()) {
      section.problem(LAYERS, LAYERS.type().wrongType(layers.value()).what(), LAYERS.advice());
      return List.of();
    }
    return layers.elements();
  }

  static void write(NetworkSpec model, HoconWriter to) {
    if (!model.name().equals(CUSTOM)) {
      to.put("model", model.name());
      return;
    }
    to.open("model").open("layers = [");
    model.nodes().forEach(layer -> to.line(LayerWriter.hocon(layer)));
    to.close("]").close();
  }
}
