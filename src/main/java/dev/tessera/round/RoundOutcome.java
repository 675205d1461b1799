package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.stats.ParameterStats;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a round gave.
 *
 * @param average the weighted mean of the replicas that count, or null if none did
 * @param reports of every worker, in worker order
 * @param statistics of every parameter block, in the order of the flat vector; empty if no replica
 *     counts
 */
public record RoundOutcome(
    @org.jspecify.annotations.Nullable ReplicaState average,
    List<WorkerReport> reports,
    List<ParameterStats> statistics,
    PhaseSeconds seconds) {
  public RoundOutcome {
    reports = List.copyOf(reports);
    statistics = List.copyOf(statistics);
  }

  public int examples() {
    return reports.stream().mapToInt(WorkerReport::examples).sum();
  }

  /** Mean loss over the examples of the workers that count, without regularisation. */
  public double loss() {
    return mean(WorkerReport::lossSum);
  }

  /** The same with regularisation. */
  public double regularisedLoss() {
    return mean(WorkerReport::regularisedLossSum);
  }

  private double mean(ToDoubleFunction<WorkerReport> lossSum) {
    double loss = 0;
    long examples = 0;
    for (WorkerReport report : reports) {
      if (report.counts()) {
        loss += lossSum.applyAsDouble(report);
        examples += report.examples();
      }
    }
    return examples == 0 ? Double.NaN : loss / examples;
  }

  /**
   * Where a round's wall-clock time went.
   *
   * @param broadcast handing the state to the cluster
   * @param fit the slowest worker's steps
   * @param aggregate bringing replicas back and averaging them; scheduling is part of it
   * @param driver the rest on the driver: outer step, records
   */
  public record PhaseSeconds(double broadcast, double fit, double aggregate, double driver) {
    public double total() {
      return broadcast + fit + aggregate + driver;
    }

    /** The same with the driver's part filled in. */
    public PhaseSeconds withDriver(double seconds) {
      return new PhaseSeconds(broadcast, fit, aggregate, seconds);
    }
  }
}
