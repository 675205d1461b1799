package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The average of replicas of {@code reference} with Nesterov's state, parameter statistics
 * included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReplicaAverageBenchmark {
  @Param({"2", "8"})
  private int replicas;

  private final Workload workload =
      Workloads.of(
          NamedNetworks.named("reference").compile(new Shape.Image(32, 32, 3), 10),
          PixelScaling.unit(3),
          new Updater.Nesterov(0.9),
          0,
          64);
  private final ReplicaState before = workload.initialState(1);
  private List<WorkerResult> results = List.of();

  @Setup
  public void draw() {
    results =
        IntStream.range(0, replicas)
            .mapToObj(
                worker ->
                    new WorkerResult(
                        new WorkerReport(worker, 3200, 1, 1, "", "here", 1),
                        workload.initialState(2L + worker)))
            .toList();
  }

  @Benchmark
  public ReplicaAverage average() {
    return ReplicaAverage.of(workload, before, results);
  }
}
