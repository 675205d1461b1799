package dev.tessera.engine.nd4j;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.Initialiser;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.ZeroPadding;
import java.util.Locale;

/** Layers as objects of a model file: {@code kind}, then the record's components by their names. */
final class LayerJson implements LayerSpec.Visitor<ObjectNode> {
  static ObjectNode write(LayerSpec layer) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("kind", layer.kind());
    return object.setAll(layer.accept(new LayerJson()));
  }

  static LayerSpec read(JsonFields layer) throws MalformedModelException {
    String kind = layer.text("kind");
    return switch (kind) {
      case "conv" -> readConvolution(layer);
      case "pool" ->
          new Pooling(
              layer.constant("function", PoolingKind.class),
              extent(layer, "size"),
              extent(layer, "stride"),
              padding(layer));
      case "globalPool" -> new GlobalPooling(layer.constant("function", PoolingKind.class));
      case "batchNorm" -> new BatchNorm(layer.number("momentum"), layer.number("epsilon"));
      case "dropout" -> new Dropout(layer.number("rate"));
      case "activation" -> new ActivationLayer(layer.constant("activation", Activation.class));
      case "flatten" -> new Flatten();
      case "dense" ->
          new Dense(
              layer.integer("units"),
              layer.constant("activation", Activation.class),
              layer.truth("bias"),
              layer.constant("initialiser", Initialiser.class));
      case "zeroPadding" ->
          new ZeroPadding(
              layer.integer("top"),
              layer.integer("bottom"),
              layer.integer("left"),
              layer.integer("right"));
      default ->
          throw new MalformedModelException(
              "has a layer of the unknown kind `"
                  + kind
                  + "`; a newer Tessera may have written it");
    };
  }

  private static Convolution readConvolution(JsonFields layer) throws MalformedModelException {
    return new Convolution(
        layer.integer("filters"),
        extent(layer, "kernel"),
        extent(layer, "stride"),
        padding(layer),
        extent(layer, "dilation"),
        layer.constant("activation", Activation.class),
        layer.truth("bias"),
        layer.constant("initialiser", Initialiser.class));
  }

  private static Extent extent(JsonFields layer, String name) throws MalformedModelException {
    int[] sides = pair(layer, name);
    return new Extent(sides[0], sides[1]);
  }

  private static Padding padding(JsonFields layer) throws MalformedModelException {
    if (!layer.isText("padding")) {
      int[] sides = pair(layer, "padding");
      return new Padding.Explicit(sides[0], sides[1]);
    }
    String name = layer.text("padding");
    return switch (name) {
      case "valid" -> Padding.VALID;
      case "same" -> Padding.SAME;
      case "full" -> Padding.FULL;
      default -> throw new MalformedModelException("has the unknown padding `" + name + "`");
    };
  }

  private static int[] pair(JsonFields layer, String name) throws MalformedModelException {
    int[] sides = layer.integers(name);
    if (sides.length != 2) {
      throw new MalformedModelException(
          "has " + sides.length + " numbers where " + name + " of a layer needs two");
    }
    return sides;
  }

  @Override
  public ObjectNode convolution(Convolution layer) {
    ObjectNode object = object().put("filters", layer.filters());
    extent(object, "kernel", layer.kernel());
    extent(object, "stride", layer.stride());
    padding(object, layer.padding());
    extent(object, "dilation", layer.dilation());
    return object
        .put("activation", lower(layer.activation()))
        .put("bias", layer.bias())
        .put("initialiser", lower(layer.initialiser()));
  }

  @Override
  public ObjectNode pooling(Pooling layer) {
    ObjectNode object = object().put("function", lower(layer.function()));
    extent(object, "size", layer.size());
    extent(object, "stride", layer.stride());
    padding(object, layer.padding());
    return object;
  }

  @Override
  public ObjectNode globalPooling(GlobalPooling layer) {
    return object().put("function", lower(layer.function()));
  }

  @Override
  public ObjectNode batchNorm(BatchNorm layer) {
    return object().put("momentum", layer.momentum()).put("epsilon", layer.epsilon());
  }

  @Override
  public ObjectNode dropout(Dropout layer) {
    return object().put("rate", layer.rate());
  }

  @Override
  public ObjectNode activation(ActivationLayer layer) {
    return object().put("activation", lower(layer.activation()));
  }

  @Override
  public ObjectNode flatten(Flatten layer) {
    return object();
  }

  @Override
  public ObjectNode dense(Dense layer) {
    return object()
        .put("units", layer.units())
        .put("activation", lower(layer.activation()))
        .put("bias", layer.bias())
        .put("initialiser", lower(layer.initialiser()));
  }

  @Override
  public ObjectNode zeroPadding(ZeroPadding layer) {
    return object()
        .put("top", layer.top())
        .put("bottom", layer.bottom())
        .put("left", layer.left())
        .put("right", layer.right());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void extent(ObjectNode object, String name, Extent extent) {
    object.putArray(name).add(extent.height()).add(extent.width());
  }

  private static void padding(ObjectNode object, Padding padding) {
    if (padding instanceof Padding.Explicit explicit) {
      object.putArray("padding").add(explicit.rows()).add(explicit.columns());
    } else {
      object.put("padding", padding.toString());
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
