package dev.tessera.spark;

import dev.tessera.dataset.SparkJob;
import dev.tessera.dataset.TaskFailures;
import dev.tessera.engine.ReplicaState;
import dev.tessera.image.ExampleBlock;
import dev.tessera.round.ActivationTask;
import dev.tessera.stats.ImageActivations;
import dev.tessera.stats.ShownExample;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/**
 * Shows what the layers make of a few examples where these lie, one task a shard. What comes to the
 * driver is a hundred kilobytes an example or two, whatever its size and the network's.
 */
public final class SparkActivations {
  private final JavaSparkContext spark;
  private final JavaRDD<ExampleBlock> shards;
  private final ActivationTask task;
  private final String name;

  /**
   * For examples of a cached data set.
   *
   * @param name of the data set in Spark's UI: {@code validation}, {@code test}
   */
  public SparkActivations(
      JavaSparkContext spark, JavaRDD<ExampleBlock> shards, ActivationTask task, String name) {
    this.spark = spark;
    this.shards = shards;
    this.task = task;
    this.name = name;
  }

  /** Of the wanted examples in their order; those that are in no shard are left out. */
  public List<ImageActivations> of(ReplicaState state, List<ShownExample> wanted) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    String job = "layers' activations of " + wanted.size() + " images of the " + name + " set";
    String before = Descriptions.set(spark, job);
    Broadcast<byte[]> broadcast = spark.broadcast(Received.bytes(state));
    try {
      List<byte[]> parts =
          TaskFailures.unwrapped(
              new SparkJob(job, "shard"),
              () -> shards.mapPartitions(new Show(task, broadcast, wanted)).collect());
      Map<ShownExample, ImageActivations> found =
          parts.stream()
              .map(part -> Wire.value(part, ImageActivations.class))
              .collect(
                  Collectors.toMap(
                      ImageActivations::example, Function.identity(), (first, again) -> first));
      return wanted.stream().filter(found::containsKey).map(found::get).toList();
    } finally {
      broadcast.destroy();
      Descriptions.restore(spark, before);
    }
  }

  private record Show(ActivationTask task, Broadcast<byte[]> state, List<ShownExample> wanted)
      implements FlatMapFunction<Iterator<ExampleBlock>, byte[]> {
    @Override
    public Iterator<byte[]> call(Iterator<ExampleBlock> blocks) {
      List<byte[]> parts = new ArrayList<>();
      try {
        task.show(() -> Received.state(state), wanted, blocks)
            .forEach(one -> parts.add(Wire.bytes(one)));
      } catch (OutOfMemoryError e) {
        // As an error it would end the JVM, for pictures.
        throw new IllegalStateException("Cannot show what the layers make of images: " + e, e);
      }
      return parts.iterator();
    }
  }
}
