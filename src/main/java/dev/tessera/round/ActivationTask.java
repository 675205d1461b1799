package dev.tessera.round;

import dev.tessera.engine.Engine;
import dev.tessera.engine.ReplicaPool;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.image.BlockDecoder;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.Minibatch;
import dev.tessera.network.LayerPlan;
import dev.tessera.stats.ChannelMaps;
import dev.tessera.stats.ClassProbability;
import dev.tessera.stats.ImageActivations;
import dev.tessera.stats.ShownExample;
import dev.tessera.stats.SmallPicture;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Shows what the layers make of a few examples of a shard: a pure function of the state and these
 * examples, each by itself, so that it does not matter which others lie in the shard.
 *
 * @param threads native threads of the replica
 */
public record ActivationTask(Engine engine, Workload workload, int threads, ImageSettings image)
    implements Serializable {
  private static final int MOST_CLASSES = 5;

  /** Of shards of pixels. */
  public ActivationTask(Engine engine, Workload workload, int threads) {
    this(engine, workload, threads, Feeding.ofPixels(workload.network().input()).image());
  }

  /**
   * Reads the shard until all wanted examples are found, or to its end; decodes these alone.
   *
   * @param state asked for where the shard has one of them
   * @return of those that it has, in its order
   */
  public List<ImageActivations> show(
      Supplier<ReplicaState> state,
      List<ShownExample> wanted,
      Iterator<? extends ExampleBlock> shard) {
    Set<ShownExample> left = new HashSet<>(wanted);
    List<ImageActivations> shown = new ArrayList<>();
    Minibatch minibatch = new Minibatch(workload.network().input(), 1);
    try (BlockDecoder decoder = new BlockDecoder(image)) {
      while (!left.isEmpty() && shard.hasNext()) {
        ExampleBlock block = shard.next();
        for (int i = 0; i < block.size(); i++) {
          ShownExample example = new ShownExample(block.origin(i), block.label(i));
          if (left.remove(example)) {
            minibatch.clear();
            minibatch.add(block, i, decoder);
            shown.add(show(state.get(), example, minibatch));
          }
        }
      }
    }
    return shown;
  }

  private ImageActivations show(ReplicaState state, ShownExample example, Minibatch minibatch) {
    Set<Integer> wanted = new HashSet<>(ShownLayers.of(workload.network()));
    List<ImageActivations.Layer> layers = new ArrayList<>();
    List<ClassProbability> probabilities = new ArrayList<>();
    int last = workload.network().layers().size() - 1;
    try (ReplicaPool.Lease lease = FitTask.POOL.borrow(engine, workload, threads)) {
      lease.replica().load(state);
      lease
          .replica()
          .activations(
              minibatch,
              (LayerPlan layer, float[] values) -> {
                if (wanted.contains(layer.index())) {
                  ChannelMaps maps = ChannelMaps.of(layer.output(), values);
                  layers.add(new ImageActivations.Layer(layer.index(), maps));
                }
                if (layer.index() == last) {
                  probabilities.addAll(probable(values, example.label()));
                }
              });
      lease.succeeded();
    }
    SmallPicture picture = SmallPicture.of(minibatch.shape(), minibatch.pixels(), 0);
    return new ImageActivations(example, picture, probabilities, layers);
  }

  private List<ClassProbability> probable(float[] output, int label) {
    boolean sigmoid = workload.network().sigmoidOutput();
    float[] each = sigmoid ? new float[] {1 - output[0], output[0]} : output;
    List<ClassProbability> all =
        IntStream.range(0, each.length)
            .mapToObj(c -> new ClassProbability(c, each[c]))
            .sorted(Comparator.comparingDouble(one -> -one.probability()))
            .toList();
    List<ClassProbability> probable =
        new ArrayList<>(all.subList(0, Math.min(MOST_CLASSES, all.size())));
    if (probable.stream().noneMatch(one -> one.index() == label)) {
      probable.add(new ClassProbability(label, each[label]));
    }
    return probable;
  }
}
