package dev.tessera.job;

import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.Initialiser;
import dev.tessera.network.JoinSpec;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One object of {@code model.layers}. */
final class LayerParser {
  private final Problems problems;

  LayerParser(Problems problems) {
    this.problems = problems;
  }

  /** Null after a problem with the layer's kind. */
  @Nullable NodeSpec read(Node layer) {
    if (!layer.isObject()) {
      refuse(layer, ValueType.describe(layer.value()) + " where a layer belongs");
      return null;
    }
    List<String> kinds = kinds(layer);
    if (kinds.size() != 1) {
      refuseKinds(layer, kinds);
      return null;
    }
    String kind = kinds.get(0);
    List<Key<?>> keys = new ArrayList<>(Objects.requireNonNull(LayerKeys.KINDS.get(kind)));
    keys.addAll(LayerKeys.PLACE_KEYS);
    Section section = new Section(layer, keys, problems);
    LayerSpec spec = read(kind, section);
    return new NodeSpec(section.read(LayerKeys.NAME), inputs(spec, section), spec);
  }

  private static List<String> inputs(LayerSpec spec, Section layer) {
    if (!(spec instanceof JoinSpec)) {
      return layer.read(LayerKeys.FROM);
    }
    if (layer.has(LayerKeys.FROM)) {
      layer.problem(
          LayerKeys.FROM,
          "two places for the inputs of " + spec.kind(),
          "Name them all in " + spec.kind() + ".");
    }
    return layer.read(spec instanceof Add ? LayerKeys.ADD : LayerKeys.CONCAT);
  }

  /** {@code activation} is a layer only if it stands alone: conv and dense have it as an option. */
  private static List<String> kinds(Node layer) {
    List<String> kinds = new ArrayList<>(layer.keys());
    kinds.retainAll(LayerKeys.KINDS.keySet());
    if (kinds.size() > 1) {
      kinds.remove(LayerKeys.ACTIVATION_LAYER.name());
    }
    return kinds;
  }

  private LayerSpec read(String kind, Section layer) {
    return switch (kind) {
      case "conv" -> convolution(layer);
      case "pool" -> pooling(layer);
      case "globalPool" -> new GlobalPooling(layer.read(LayerKeys.GLOBAL_POOL));
      case "batchNorm" -> batchNorm(layer);
      case "dropout" -> new Dropout(layer.read(LayerKeys.DROPOUT));
      case "activation" -> new ActivationLayer(layer.read(LayerKeys.ACTIVATION_LAYER));
      case "flatten" -> flatten(layer);
      case "dense" -> dense(layer);
      case "add" -> new Add(layer.read(LayerKeys.JOIN_ACTIVATION));
      case "concat" -> new Concat();
      case "zeroPadding" -> layer.read(LayerKeys.ZERO_PADDING);
      default -> throw new IllegalStateException("No parser for a layer of kind " + kind);
    };
  }

  private static Convolution convolution(Section layer) {
    Activation activation = layer.read(LayerKeys.ACTIVATION);
    return new Convolution(
        layer.read(LayerKeys.CONV),
        layer.read(LayerKeys.KERNEL),
        layer.read(LayerKeys.CONV_STRIDE),
        layer.read(LayerKeys.CONV_PADDING),
        layer.read(LayerKeys.DILATION),
        layer.read(LayerKeys.GROUPS),
        activation,
        layer.read(LayerKeys.BIAS),
        layer.read(LayerKeys.INITIALISER, Initialiser.defaultFor(activation)));
  }

  private static Pooling pooling(Section layer) {
    Extent size = layer.read(LayerKeys.SIZE);
    Padding padding = layer.read(LayerKeys.POOL_PADDING);
    if (padding instanceof Padding.Explicit counts
        && (counts.rows() >= size.height() || counts.columns() >= size.width())) {
      layer.problem(
          LayerKeys.POOL_PADDING,
          "not smaller than the window of " + size,
          "A window at the border would see padding alone. Use a smaller padding or a larger size.");
    }
    return new Pooling(
        layer.read(LayerKeys.POOL), size, layer.read(LayerKeys.POOL_STRIDE, size), padding);
  }

  private static BatchNorm batchNorm(Section layer) {
    Section options = layer.section(LayerKeys.BATCH_NORM, LayerKeys.BATCH_NORM_KEYS);
    return new BatchNorm(options.read(LayerKeys.MOMENTUM), options.read(LayerKeys.EPSILON));
  }

  private static Flatten flatten(Section layer) {
    layer.section(LayerKeys.FLATTEN, List.of());
    return new Flatten();
  }

  private static Dense dense(Section layer) {
    Activation activation = layer.read(LayerKeys.ACTIVATION);
    return new Dense(
        layer.read(LayerKeys.DENSE),
        activation,
        layer.read(LayerKeys.BIAS),
        layer.read(LayerKeys.INITIALISER, Initialiser.defaultFor(activation)));
  }

  private void refuseKinds(Node layer, List<String> kinds) {
    if (!kinds.isEmpty()) {
      refuse(layer, "two layers in one, " + String.join(" and ", kinds));
      return;
    }
    String meant =
        layer.keys().stream()
            .filter(key -> NearestName.close(key, NearestName.of(key, LayerKeys.KINDS.keySet())))
            .map(key -> NearestName.of(key, LayerKeys.KINDS.keySet()) + " for " + key)
            .findFirst()
            .map(slip -> ". Did you mean " + slip + "?")
            .orElse("");
    refuse(layer, "a layer of no known kind" + meant);
  }

  private void refuse(Node layer, String what) {
    problems.add(
        layer.place(),
        layer.where(),
        what,
        "A layer is an object with one of "
            + String.join(", ", LayerKeys.KINDS.keySet())
            + ", for example { conv = 32, kernel = 3, padding = same, activation = relu }. Give every"
            + " layer an object of its own.");
  }
}
