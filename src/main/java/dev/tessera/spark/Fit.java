package dev.tessera.spark;

import dev.tessera.image.PixelBlock;
import dev.tessera.round.FitTask;
import dev.tessera.round.RoundPlan;
import dev.tessera.round.Shard;
import dev.tessera.round.WorkerResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
  WorkerResult run(int worker, Iterator<PixelBlock> blocks) {
    List<PixelBlock> shard = new ArrayList<>();
    blocks.forEachRemaining(shard::add);
    return Received.task(task)
        .fit(round, worker, learningRate, Received.state(state), new Shard(shard));
  }
}
