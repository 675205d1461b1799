package dev.tessera.job;

import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.JoinSpec;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Pooling;
import dev.tessera.network.ZeroPadding;

/** A layer as one HOCON object on one line. */
final class LayerWriter implements LayerSpec.Visitor<String> {
  private final NodeSpec node;

  private LayerWriter(NodeSpec node) {
    this.node = node;
  }

  static String hocon(NodeSpec node) {
    StringBuilder text = new StringBuilder("{ ").append(node.layer().accept(new LayerWriter(node)));
    if (!node.name().isEmpty()) {
      text.append(", ").append(entry(LayerKeys.NAME, node.name()));
    }
    if (!node.inputs().isEmpty() && !(node.layer() instanceof JoinSpec)) {
      text.append(", ").append(entry(LayerKeys.FROM, node.inputs()));
    }
    return text.append(" }").toString();
  }

  private static <T> String entry(Key<T> key, T value) {
    return key.name() + " = " + key.type().write(value);
  }

  @Override
  public String convolution(Convolution layer) {
    return String.join(
        ", ",
        entry(LayerKeys.CONV, layer.filters()),
        entry(LayerKeys.KERNEL, layer.kernel()),
        entry(LayerKeys.CONV_STRIDE, layer.stride()),
        entry(LayerKeys.CONV_PADDING, layer.padding()),
        entry(LayerKeys.DILATION, layer.dilation()),
        entry(LayerKeys.GROUPS, layer.groups()),
        entry(LayerKeys.ACTIVATION, layer.activation()),
        entry(LayerKeys.BIAS, layer.bias()),
        entry(LayerKeys.INITIALISER, layer.initialiser()));
  }

  @Override
  public String pooling(Pooling layer) {
    return String.join(
        ", ",
        entry(LayerKeys.POOL, layer.function()),
        entry(LayerKeys.SIZE, layer.size()),
        entry(LayerKeys.POOL_STRIDE, layer.stride()),
        entry(LayerKeys.POOL_PADDING, layer.padding()));
  }

  @Override
  public String globalPooling(GlobalPooling layer) {
    return entry(LayerKeys.GLOBAL_POOL, layer.function());
  }

  @Override
  public String batchNorm(BatchNorm layer) {
    return "batchNorm { "
        + entry(LayerKeys.MOMENTUM, layer.momentum())
        + ", "
        + entry(LayerKeys.EPSILON, layer.epsilon())
        + " }";
  }

  @Override
  public String dropout(Dropout layer) {
    return entry(LayerKeys.DROPOUT, layer.rate());
  }

  @Override
  public String activation(ActivationLayer layer) {
    return entry(LayerKeys.ACTIVATION_LAYER, layer.activation());
  }

  @Override
  public String flatten(Flatten layer) {
    return "flatten {}";
  }

  @Override
  public String dense(Dense layer) {
    return String.join(
        ", ",
        entry(LayerKeys.DENSE, layer.units()),
        entry(LayerKeys.ACTIVATION, layer.activation()),
        entry(LayerKeys.BIAS, layer.bias()),
        entry(LayerKeys.INITIALISER, layer.initialiser()));
  }

  @Override
  public String zeroPadding(ZeroPadding layer) {
    return entry(LayerKeys.ZERO_PADDING, layer);
  }

  @Override
  public String add(Add layer) {
    return entry(LayerKeys.ADD, node.inputs())
        + ", "
        + entry(LayerKeys.JOIN_ACTIVATION, layer.activation());
  }

  @Override
  public String concat(Concat layer) {
    return entry(LayerKeys.CONCAT, node.inputs());
  }
}
