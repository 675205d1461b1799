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
 * them run once, on all examples: dense layers, convolutions of so small pictures that a group's
 * don't pay for the reading of the weights, and what can't be cut from them since they read more
 * than one value of it.
 *
 * <p>Chosen from shapes, precision, minibatch and threads alone, so that a job's bits depend on no
 * clock. Pure; loads nothing native.
 *
 * @param stages how many of the first stages; 0 if all run on the whole minibatch
 * @param size examples of a group
 */
record InferenceGroups(int stages, int size) {
  /**
   * What decides.
   *
   * @param cacheBytes that a stage may read and write, a thread; at least an example goes through
   * @param leastWindows of a convolution that are worth reading its weights for
   * @param mostWork examples that may be computed for one of the minibatch, as the last group takes
   *     some of the one before to be full
   */
  record Rule(long cacheBytes, int leastWindows, double mostWork) {
    /** docs/platforms.md has the measurements. */
    static final Rule USUAL = new Rule(4L << 20, 256, 1.125);
  }

  /** Channels are padded to whole blocks, of 16 at most, in some layouts. */
  private static final int BLOCK = 16;

  /**
   * @param valueBytes of an activation
   * @param batch examples of the minibatch
   * @param threads native threads
   */
  static InferenceGroups of(List<Stage> stages, int valueBytes, int batch, int threads, Rule rule) {
    InferenceGroups whole = new InferenceGroups(0, batch);
    InferenceGroups chosen = whole;
    int size = batch;
    int least = 1;
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      if (stage.layer().spec() instanceof Dense) {
        break;
      }
      long fitting = threads * rule.cacheBytes / (valueBytes * values(stage));
      size = (int) Math.max(1, Math.min(size, fitting));
      least = Math.max(least, leastFor(stage, rule));
      if (size < least) {
        break;
      }
      boolean mayEnd = isOnlyOneRead(stages, i) && isCountable(stage, valueBytes * (long) batch);
      int even = even(size, least, batch);
      if (mayEnd && computed(even, batch) <= rule.mostWork * batch) {
        chosen = new InferenceGroups(i + 1, even);
      }
    }
    return chosen.size < batch ? chosen : whole;
  }

  /** Of an example, that a stage reads and writes. */
  private static long values(Stage stage) {
    LayerPlan layer = stage.layer();
    long output = layer.output().size();
    long added = stage.after().stream().filter(PostOp.AddTo.class::isInstance).count();
    return layer.inputs().stream().mapToLong(Shape::size).sum() + (1 + added) * output;
  }

  private static int leastFor(Stage stage, Rule rule) {
    if (!(stage.layer().spec() instanceof Convolution)) {
      return 1;
    }
    Shape.Image output = (Shape.Image) stage.layer().output();
    int windows = output.height() * output.width();
    return (rule.leastWindows + windows - 1) / windows;
  }

  /** Whether the stages after stage {@code i} read nothing of those up to it but its own output. */
  private static boolean isOnlyOneRead(List<Stage> stages, int i) {
    Set<Integer> others = new HashSet<>(Set.of(LayerPlan.NETWORK_INPUT));
    stages.subList(0, i).forEach(stage -> others.add(stage.output()));
    return stages.subList(i + 1, stages.size()).stream()
        .flatMap(Stage::sources)
        .noneMatch(others::contains);
  }

  /** Java counts no more bytes of a tensor than an int does. */
  private static boolean isCountable(Stage stage, long batchBytes) {
    long values = stage.layer().output().size();
    if (stage.layer().output() instanceof Shape.Image image) {
      int blocks = (image.channels() + BLOCK - 1) / BLOCK;
      values = (long) image.height() * image.width() * blocks * BLOCK;
    }
    return batchBytes * values <= Integer.MAX_VALUE;
  }

  /**
   * As few examples twice as may be, but no groups of less than half of {@code size}: the largest
   * size of those that compute least.
   */
  private static int even(int size, int least, int batch) {
    int best = size;
    for (int i = size; i >= Math.max(least, size / 2) && i > 0; i--) {
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
