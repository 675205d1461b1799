package dev.tessera.network;

import java.io.Serializable;
import java.util.List;

/**
 * One layer as the job states it: plain data, no weights, no engine types.
 *
 * <p>Engines, statistics and parsers take a layer apart through {@link Visitor}, so that a new
 * layer is a compile error in each of them.
 */
public sealed interface LayerSpec extends Serializable
    permits Convolution,
        Pooling,
        GlobalPooling,
        BatchNorm,
        Dropout,
        ActivationLayer,
        Flatten,
        Dense,
        ZeroPadding,
        JoinSpec {

  /**
   * The key that states this layer in a job file, also the stem of its name in the summary: {@code
   * conv}, {@code pool}, ...
   */
  String kind();

  /**
   * Shape after this layer.
   *
   * @throws NetworkException if the layer does not fit {@code input}; its layer index is {@link
   *     NetworkException#WHOLE_NETWORK}
   */
  Shape outputShape(Shape input);

  /**
   * The layer's parameters in DL4J's order, offsets counted from {@code offset}. Empty for a layer
   * without any.
   */
  default List<ParameterBlock> parameters(Shape input, int offset) {
    return List.of();
  }

  <R> R accept(Visitor<R> visitor);

  /** One method a layer. */
  interface Visitor<R> {
    R convolution(Convolution layer);

    R pooling(Pooling layer);

    R globalPooling(GlobalPooling layer);

    R batchNorm(BatchNorm layer);

    R dropout(Dropout layer);

    R activation(ActivationLayer layer);

    R flatten(Flatten layer);

    R dense(Dense layer);

    R zeroPadding(ZeroPadding layer);

    R add(Add layer);

    R concat(Concat layer);
  }
}
