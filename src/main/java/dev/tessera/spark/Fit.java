package dev.tessera.spark;

import dev.tessera.image.ExampleBlock;
import dev.tessera.round.FitTask;
import dev.tessera.round.RoundPlan;
import dev.tessera.round.Shard;
import dev.tessera.round.WorkerResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;

/**
 * One worker's part of a round where its shard is. Travels anew every round, and therefore holds no
 * more than what is new; the rest is broadcast.
 *
 * @param task a {@link FitTask}, sent once a run
 * @param state what the round starts from
 */
record Fit(RoundPlan round, double learningRate, Broadcast<byte[]> task, Broadcast<byte[]> state)
    implements Serializable {
  /** Numbers of the partitions that hold the round's segment, in the order of the workers. */
  int[] partitions(int workers) {
    return IntStream.range(0, workers).map(k -> round.segment() * workers + k).toArray();
  }

  /** Whether the partition holds a part of the round's segment. */
  boolean concerns(int partition) {
    return partition / Received.task(task).plan().workers() == round.segment();
  }

  WorkerResult run(int partition, Iterator<ExampleBlock> blocks) {
    List<ExampleBlock> shard = new ArrayList<>();
    blocks.forEachRemaining(shard::add);
    FitTask fitTask = Received.task(task);
    int worker = partition % fitTask.plan().workers();
    return fitTask.fit(round, worker, learningRate, Received.state(state), new Shard(shard));
  }
}
