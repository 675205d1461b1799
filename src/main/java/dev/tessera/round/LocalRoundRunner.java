package dev.tessera.round;

import java.util.ArrayList;
import java.util.List;

/** Runs the workers of a round one after the other on the calling thread. Trains without Spark. */
public final class LocalRoundRunner implements RoundRunner {
  private final FitTask task;
  private final List<Shard> shards;

  public LocalRoundRunner(FitTask task, List<Shard> shards) {
    this.task = task;
    this.shards = List.copyOf(shards);
  }

  @Override
  public RoundOutcome run(RoundPlan round, double learningRate, GlobalState state) {
    long began = System.nanoTime();
    List<WorkerResult> results = new ArrayList<>();
    for (int worker = 0; worker < shards.size(); worker++) {
      results.add(task.fit(round, worker, learningRate, state.replica(), shards.get(worker)));
    }
    ReplicaAverage average = ReplicaAverage.of(task.workload(), state.replica(), results);
    return average.outcome(0, (System.nanoTime() - began) / 1e9);
  }
}
