package dev.tessera.network;

import java.util.List;

/** A layer that makes one output of the outputs of two or more layers. Without parameters. */
public sealed interface JoinSpec extends LayerSpec permits Add, Concat {

  /**
   * Shape after this layer.
   *
   * @throws NetworkException if the inputs do not go together; its layer index is {@link
   *     NetworkException#WHOLE_NETWORK}
   */
  Shape outputShape(List<Shape> inputs);

  /** Refuses: one input is none to join. */
  @Override
  default Shape outputShape(Shape input) {
    return outputShape(List.of(input));
  }
}
