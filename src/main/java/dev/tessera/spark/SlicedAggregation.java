package dev.tessera.spark;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.image.ExampleBlock;
import dev.tessera.round.ReplicaAverage;
import dev.tessera.round.ReplicaSlice;
import dev.tessera.round.SliceResult;
import dev.tessera.round.WorkerResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * Averaging on the cluster for replicas that are too large for the driver: each task cuts its
 * replica into slices, a shuffle brings equal slices together, a reducer averages a slice in worker
 * order, and the driver collects averages and reports alone.
 */
final class SlicedAggregation {
  private SlicedAggregation() {}

  /** Runs the fits of a round and averages their replicas. */
  static ReplicaAverage average(Workload workload, JavaRDD<ExampleBlock> shards, Fit fit) {
    int workers = Received.task(fit.task()).plan().workers();
    int reducers = Math.max(1, Math.min(shards.context().defaultParallelism(), workers));
    List<SliceResult> results =
        shards
            .mapPartitionsWithIndex(new Cut(fit), true)
            .keyBy(new SliceIndex())
            .partitionBy(new HashPartitioner(reducers))
            .values()
            .mapPartitions(new Reduce(fit.task(), fit.state()))
            .collect()
            .stream()
            .map(bytes -> Wire.value(bytes, SliceResult.class))
            .toList();
    return ReplicaAverage.join(workload, results);
  }

  /** Slices as {@link Wire} bytes behind the four bytes of their index, cut one after the other. */
  private record Cut(Fit fit)
      implements Function2<Integer, Iterator<ExampleBlock>, Iterator<byte[]>> {
    @Override
    public Iterator<byte[]> call(Integer partition, Iterator<ExampleBlock> blocks) {
      if (!fit.concerns(partition)) {
        return Collections.emptyIterator();
      }
      WorkerResult result = fit.run(partition, blocks);
      return ReplicaSlice.cut(Received.task(fit.task()).workload(), result)
          .map(Cut::indexed)
          .iterator();
    }

    private static byte[] indexed(ReplicaSlice slice) {
      byte[] bytes = Wire.bytes(slice);
      return ByteBuffer.allocate(Integer.BYTES + bytes.length)
          .putInt(slice.index())
          .put(bytes)
          .array();
    }
  }

  private record SliceIndex() implements Function<byte[], Integer> {
    @Override
    public Integer call(byte[] slice) {
      return ByteBuffer.wrap(slice).getInt();
    }
  }

  private record Reduce(Broadcast<byte[]> task, Broadcast<byte[]> before)
      implements FlatMapFunction<Iterator<byte[]>, byte[]> {
    @Override
    public Iterator<byte[]> call(Iterator<byte[]> slices) {
      Map<Integer, List<byte[]>> byIndex = new TreeMap<>();
      while (slices.hasNext()) {
        byte[] slice = slices.next();
        byIndex
            .computeIfAbsent(ByteBuffer.wrap(slice).getInt(), index -> new ArrayList<>())
            .add(slice);
      }
      Workload workload = Received.task(task).workload();
      ReplicaState start = Received.state(before);
      return byIndex.values().stream()
          .map(equal -> Wire.bytes(SliceResult.of(workload, start, read(equal))))
          .iterator();
    }

    private static List<ReplicaSlice> read(List<byte[]> slices) {
      return slices.stream()
          .map(bytes -> Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length))
          .map(bytes -> Wire.value(bytes, ReplicaSlice.class))
          .toList();
    }
  }
}
