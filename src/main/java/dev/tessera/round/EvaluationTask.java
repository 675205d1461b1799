package dev.tessera.round;

import dev.tessera.engine.Engine;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaPool;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.image.BlockDecoder;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.Minibatch;
import dev.tessera.network.Shape;
import dev.tessera.stats.EvaluationCounts;
import dev.tessera.stats.SmallPicture;
import java.io.Serializable;
import java.util.Iterator;

/**
 * Classifies one shard of a data set in its own order: a pure function of the state and the shard.
 *
 * @param threads native threads of the replica
 */
public record EvaluationTask(Engine engine, Workload workload, int threads, ImageSettings image)
    implements Serializable {

  /** Of shards of pixels. */
  public EvaluationTask(Engine engine, Workload workload, int threads) {
    this(engine, workload, threads, Feeding.ofPixels(workload.network().input()).image());
  }

  public EvaluationCounts evaluate(ReplicaState state, Iterator<? extends ExampleBlock> shard) {
    EvaluationCounts counts =
        new EvaluationCounts(workload.network().classes(), workload.network().sigmoidOutput());
    try (ReplicaPool.Lease lease = FitTask.POOL.borrow(engine, workload, threads);
        BlockDecoder decoder = new BlockDecoder(image)) {
      lease.replica().load(state);
      Shown minibatch = new Shown(workload);
      int width = workload.network().sigmoidOutput() ? 1 : workload.network().classes();
      float[] output = new float[workload.batchSize() * width];
      while (shard.hasNext()) {
        ExampleBlock block = shard.next();
        for (int example = 0; example < block.size(); example++) {
          minibatch.add(block, example, decoder);
          if (minibatch.isFull()) {
            count(lease.replica(), minibatch, output, width, counts);
          }
        }
      }
      if (minibatch.size() > 0) {
        count(lease.replica(), minibatch, output, width, counts);
      }
      lease.succeeded();
    }
    return counts;
  }

  /** A minibatch that knows where its examples came from. */
  private static final class Shown {
    private final Minibatch minibatch;
    private final String[] origins;

    Shown(Workload workload) {
      minibatch = new Minibatch(workload.network().input(), workload.batchSize());
      origins = new String[workload.batchSize()];
    }

    void add(ExampleBlock block, int example, BlockDecoder decoder) {
      minibatch.add(block, example, decoder);
      origins[size() - 1] = block.origin(example);
    }

    boolean isFull() {
      return size() == minibatch.capacity();
    }

    int size() {
      return minibatch.size();
    }

    EvaluationCounts.Example example(int index) {
      return new EvaluationCounts.Example() {
        @Override
        public String origin() {
          return origins[index];
        }

        @Override
        public SmallPicture picture() {
          Shape.Image shape = minibatch.shape();
          return SmallPicture.of(shape, minibatch.pixels(), index * shape.size());
        }
      };
    }
  }

  private static void count(
      Replica replica, Shown shown, float[] output, int width, EvaluationCounts counts) {
    Minibatch minibatch = shown.minibatch;
    replica.infer(minibatch, output);
    for (int i = 0; i < minibatch.size(); i++) {
      counts.add(minibatch.labels()[i], output, i * width, shown.example(i));
    }
    minibatch.clear();
  }
}
