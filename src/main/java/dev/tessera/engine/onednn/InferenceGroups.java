package dev.tessera.engine.onednn;

import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of an inference's first stages run on a group of the minibatch's examples after the other,
 * so that values are still in a processor's cache when the next stage reads them. The stages after
 * them run once, on all examples: dense layers, and convolutions of so small pictures that a few
 * examples don't pay for the reading of the weights.
 *
 * <p>Chosen from the shapes alone, so that a job's bits depend on no clock. Pure; loads nothing
 * native.
 *
 * @param stages how many of the first stages; 0 if all run on the whole minibatch
 * @param size examples of a group
 */
record InferenceGroups(int stages, int size) {
  /** What a stage may read and write, a thread. */
  private static final long CACHE_BYTES = 4L << 20;

  /** Windows of a convolution that are worth reading its weights for. */
  private static final int LEAST_WINDOWS = 256;

  /**
   * @param valueBytes of an activation
   * @param batch examples of the minibatch
   * @param threads native threads
   */
  static InferenceGroups of(List<Stage> stages, int valueBytes, int batch, int threads) {
    InferenceGroups chosen = new InferenceGroups(0, batch);
    int size = batch;
    int least = 1;
    for (int i = 0; i < stages.size(); i++) {
      LayerPlan layer = stages.get(i).layer();
      if (layer.spec() instanceof Dense) {
        break;
      }
      long read = layer.inputs().stream().mapToLong(Shape::size).sum();
      long bytes = valueBytes * (read + layer.output().size());
      size = (int) Math.max(1, Math.min(size, threads * CACHE_BYTES / bytes));
      if (layer.spec() instanceof Convolution) {
        Shape.Image output = (Shape.Image) layer.output();
        int windows = output.height() * output.width();
        least = Math.max(least, (LEAST_WINDOWS + windows - 1) / windows);
      }
      if (size < least) {
        break;
      }
      // Java counts no more bytes of a tensor than an int does.
      long all = (long) valueBytes * batch * layer.output().size();
      boolean countable = all <= Integer.MAX_VALUE;
      if (size < batch && countable && isOnlyOneRead(stages, i)) {
        chosen = new InferenceGroups(i + 1, size);
      }
    }
    return chosen.stages == 0
        ? chosen
        : new InferenceGroups(chosen.stages, even(chosen.size, batch));
  }

  /** Whether the stages after stage {@code i} read nothing of those up to it but its own output. */
  private static boolean isOnlyOneRead(List<Stage> stages, int i) {
    Set<Integer> others = new HashSet<>(Set.of(LayerPlan.NETWORK_INPUT));
    stages.subList(0, i).forEach(stage -> others.add(stage.output()));
    return stages.subList(i + 1, stages.size()).stream()
        .flatMap(Stage::sources)
        .noneMatch(others::contains);
  }

  /** As few examples twice as may be: the last group takes some of the one before to be full. */
  private static int even(int size, int batch) {
    int best = size;
    for (int i = size; 2 * i > size; i--) {
      if (computed(i, batch) < computed(best, batch)) {
        best = i;
      }
    }
    return best;
  }

  private static int computed(int size, int batch) {
    return (batch + size - 1) / size * size;
  }
}
