package dev.tessera.spark;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.round.ReplicaAverage;
import dev.tessera.round.ReplicaSlice;
import dev.tessera.round.SliceResult;
import dev.tessera.round.WorkerResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * Averaging on the cluster for replicas that are too large for the driver: each task cuts its
 * replica into slices, a shuffle brings equal slices together, a reducer averages a slice in worker
 * order, and the driver collects averages and reports alone.
 */
final class SlicedAggregation {
  private SlicedAggregation() {}

  /**
   * Averages what the tasks of a round return.
   *
   * @param replicas one {@link WorkerResult} a task, as {@link Wire} bytes
   */
  static ReplicaAverage average(
      Workload workload, JavaRDD<byte[]> replicas, Broadcast<byte[]> before) {
    int reducers =
        Math.max(1, Math.min(replicas.context().defaultParallelism(), replicas.getNumPartitions()));
    List<SliceResult> results =
        replicas
            .mapPartitions(new Cut(workload))
            .keyBy(new SliceIndex())
            .partitionBy(new HashPartitioner(reducers))
            .values()
            .mapPartitions(new Reduce(workload, before))
            .collect()
            .stream()
            .map(bytes -> Wire.value(bytes, SliceResult.class))
            .toList();
    return ReplicaAverage.join(workload, results);
  }

  /** Slices as {@link Wire} bytes behind the four bytes of their index. */
  private record Cut(Workload workload) implements FlatMapFunction<Iterator<byte[]>, byte[]> {
    @Override
    public Iterator<byte[]> call(Iterator<byte[]> results) {
      List<byte[]> slices = new ArrayList<>();
      while (results.hasNext()) {
        WorkerResult result = Wire.value(results.next(), WorkerResult.class);
        for (ReplicaSlice slice : ReplicaSlice.cut(workload, result)) {
          byte[] bytes = Wire.bytes(slice);
          slices.add(
              ByteBuffer.allocate(Integer.BYTES + bytes.length)
                  .putInt(slice.index())
                  .put(bytes)
                  .array());
        }
      }
      return slices.iterator();
    }
  }

  private record SliceIndex() implements Function<byte[], Integer> {
    @Override
    public Integer call(byte[] slice) {
      return ByteBuffer.wrap(slice).getInt();
    }
  }

  private record Reduce(Workload workload, Broadcast<byte[]> before)
      implements FlatMapFunction<Iterator<byte[]>, byte[]> {
    @Override
    public Iterator<byte[]> call(Iterator<byte[]> slices) {
      Map<Integer, List<ReplicaSlice>> byIndex = new TreeMap<>();
      while (slices.hasNext()) {
        byte[] bytes = slices.next();
        ReplicaSlice slice =
            Wire.value(Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length), ReplicaSlice.class);
        byIndex.computeIfAbsent(slice.index(), index -> new ArrayList<>()).add(slice);
      }
      ReplicaState start = Wire.value(before.value(), ReplicaState.class);
      return byIndex.values().stream()
          .map(equal -> Wire.bytes(SliceResult.of(workload, start, equal)))
          .iterator();
    }
  }
}
