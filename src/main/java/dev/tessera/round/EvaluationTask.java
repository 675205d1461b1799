package dev.tessera.round;

import dev.tessera.engine.Engine;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaPool;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.stats.EvaluationCounts;
import java.io.Serializable;
import java.util.Iterator;

/**
 * Classifies one shard of a data set in its own order: a pure function of the state and the shard.
 *
 * @param threads native threads of the replica
 */
public record EvaluationTask(Engine engine, Workload workload, int threads)
    implements Serializable {

  public EvaluationCounts evaluate(ReplicaState state, Iterator<PixelBlock> shard) {
    EvaluationCounts counts =
        new EvaluationCounts(workload.network().classes(), workload.network().sigmoidOutput());
    try (ReplicaPool.Lease lease = FitTask.POOL.borrow(engine, workload, threads)) {
      lease.replica().load(state);
      Minibatch minibatch = new Minibatch(workload.network().input(), workload.batchSize());
      int width = workload.network().sigmoidOutput() ? 1 : workload.network().classes();
      float[] output = new float[workload.batchSize() * width];
      while (shard.hasNext()) {
        PixelBlock block = shard.next();
        for (int example = 0; example < block.size(); example++) {
          minibatch.add(block, example);
          if (minibatch.size() == minibatch.capacity()) {
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

  private static void count(
      Replica replica, Minibatch minibatch, float[] output, int width, EvaluationCounts counts) {
    replica.infer(minibatch, output);
    for (int i = 0; i < minibatch.size(); i++) {
      counts.add(minibatch.labels()[i], output, i * width);
    }
    minibatch.clear();
  }
}
