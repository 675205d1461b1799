package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.stats.ParameterStats;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of a round, averaged, by whichever way they came back.
 *
 * @param state null if no replica counts
 */
public record ReplicaAverage(
    @Nullable ReplicaState state, List<ParameterStats> statistics, List<WorkerReport> reports) {

  /** Averages whole replicas, given in worker order. */
  public static ReplicaAverage of(
      Workload workload, ReplicaState before, List<WorkerResult> results) {
    Averaging.Mean mean = Averaging.mean(workload, Averaging.slices(workload), before, results);
    return of(mean, results.stream().map(WorkerResult::report).toList());
  }

  /** Puts slices together that were averaged elsewhere, given in any order. */
  public static ReplicaAverage join(Workload workload, List<SliceResult> results) {
    List<SliceResult> ordered =
        results.stream().sorted(Comparator.comparingInt(SliceResult::index)).toList();
    List<WorkerReport> reports = ordered.get(0).reports();
    int counting = (int) reports.stream().filter(WorkerReport::counts).count();
    if (counting == 0) {
      return of(null, reports);
    }
    List<SliceMean> means = ordered.stream().map(r -> Objects.requireNonNull(r.mean())).toList();
    return of(Averaging.join(workload, Averaging.slices(workload), means, counting), reports);
  }

  private static ReplicaAverage of(Averaging.@Nullable Mean mean, List<WorkerReport> reports) {
    return mean == null
        ? new ReplicaAverage(null, List.of(), reports)
        : new ReplicaAverage(mean.state(), mean.statistics(), reports);
  }

  /**
   * As the outcome of its round.
   *
   * @param broadcastSeconds until the state was on its way
   * @param restSeconds from there until the average was there: the slowest worker's steps, and what
   *     came around them
   */
  public RoundOutcome outcome(double broadcastSeconds, double restSeconds) {
    double fit = reports.stream().mapToLong(WorkerReport::fitNanos).max().orElse(0) / 1e9;
    return new RoundOutcome(
        state,
        reports,
        statistics,
        new RoundOutcome.PhaseSeconds(
            broadcastSeconds, Math.min(fit, restSeconds), Math.max(0, restSeconds - fit), 0));
  }
}
