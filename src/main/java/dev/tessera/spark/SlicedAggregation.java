package dev.tessera.spark;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.round.ReplicaAverage;
import dev.tessera.round.ReplicaSlice;
import dev.tessera.round.SliceResult;
import dev.tessera.round.WorkerResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/**
 * Averaging on the cluster for replicas that are too large for the driver: each task cuts its
 * replica into slices, a shuffle brings equal slices together, a reducer averages a slice in worker
 * order, and the driver collects averages and reports alone.
 */
final class SlicedAggregation {
  private SlicedAggregation() {}

  static ReplicaAverage average(
      Workload workload, JavaRDD<WorkerResult> replicas, Broadcast<ReplicaState> before) {
    int reducers =
        Math.max(1, Math.min(replicas.context().defaultParallelism(), replicas.getNumPartitions()));
    List<SliceResult> results =
        replicas
            .mapPartitions(new Cut(workload))
            .keyBy(ReplicaSlice::index)
            .partitionBy(new HashPartitioner(reducers))
            .values()
            .mapPartitions(new Reduce(workload, before))
            .collect();
    return ReplicaAverage.join(workload, results);
  }

  private record Cut(Workload workload)
      implements FlatMapFunction<Iterator<WorkerResult>, ReplicaSlice> {
    @Override
    public Iterator<ReplicaSlice> call(Iterator<WorkerResult> results) {
      List<ReplicaSlice> slices = new ArrayList<>();
      results.forEachRemaining(result -> slices.addAll(ReplicaSlice.cut(workload, result)));
      return slices.iterator();
    }
  }

  private record Reduce(Workload workload, Broadcast<ReplicaState> before)
      implements FlatMapFunction<Iterator<ReplicaSlice>, SliceResult> {
    @Override
    public Iterator<SliceResult> call(Iterator<ReplicaSlice> slices) {
      Map<Integer, List<ReplicaSlice>> byIndex = new TreeMap<>();
      slices.forEachRemaining(
          slice -> byIndex.computeIfAbsent(slice.index(), index -> new ArrayList<>()).add(slice));
      return byIndex.values().stream()
          .map(equal -> SliceResult.of(workload, before.value(), equal))
          .iterator();
    }
  }
}
