package dev.tessera.engine.onednn;

import dev.tessera.network.Activation;
import dev.tessera.network.LayerPlan;
import java.util.List;
import java.util.stream.Stream;

/**
 * A layer together with the layers that run as part of it.
 *
 * @param after what is done to its values, in order
 * @param output index of the layer whose output the stage gives: the last one that it takes in
 * @param maskedByReader the gradient mask of its relu is left to the max pooling that reads it,
 *     which has fewer values to mask (exact: where a window's maximum is 0, so is its gradient)
 */
record Stage(LayerPlan layer, List<PostOp> after, int output, boolean maskedByReader) {
  Stage {
    after = List.copyOf(after);
  }

  /** Indices of the layers, or the network's input, that it reads. */
  Stream<Integer> sources() {
    Stream<Integer> added =
        after.stream()
            .filter(PostOp.AddTo.class::isInstance)
            .map(operation -> ((PostOp.AddTo) operation).source());
    return Stream.concat(layer.sources().stream(), added);
  }

  /** The one activation that a training stage may have. */
  Activation activation() {
    return after.isEmpty() ? Activation.IDENTITY : ((PostOp.Activate) after.get(0)).activation();
  }
}
