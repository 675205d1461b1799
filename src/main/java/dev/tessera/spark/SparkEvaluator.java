package dev.tessera.spark;

import dev.tessera.dataset.SparkJob;
import dev.tessera.dataset.TaskFailures;
import dev.tessera.engine.ReplicaState;
import dev.tessera.image.ExampleBlock;
import dev.tessera.round.EvaluationTask;
import dev.tessera.round.Evaluator;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.EvaluationCounts;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/**
 * Classifies a data set on the cluster, one task a shard; counts are merged in the order of the
 * shards.
 */
public final class SparkEvaluator implements Evaluator {
  private final JavaSparkContext spark;
  private final JavaRDD<ExampleBlock> shards;
  private final EvaluationTask task;
  private final List<String> classNames;
  private final String name;

  /**
   * An evaluator over shards of a cached data set.
   *
   * @param name of the data set in Spark's UI: {@code validation}, {@code test}
   */
  public SparkEvaluator(
      JavaSparkContext spark,
      JavaRDD<ExampleBlock> shards,
      EvaluationTask task,
      List<String> classNames,
      String name) {
    this.spark = spark;
    this.shards = shards;
    this.task = task;
    this.classNames = List.copyOf(classNames);
    this.name = name;
  }

  @Override
  public Evaluation evaluate(ReplicaState state) {
    String job = "evaluation on the " + name + " set";
    String before = Descriptions.set(spark, job);
    Broadcast<byte[]> broadcast = spark.broadcast(Received.bytes(state));
    try {
      EvaluationCounts counts =
          new EvaluationCounts(classNames.size(), task.workload().network().sigmoidOutput());
      TaskFailures.unwrapped(
              new SparkJob(job, "shard"),
              () -> shards.mapPartitions(new Classify(task, broadcast)).collect())
          .forEach(part -> counts.merge(Wire.value(part, EvaluationCounts.class)));
      return Evaluation.of(counts, classNames);
    } finally {
      broadcast.destroy();
      Descriptions.restore(spark, before);
    }
  }

  private record Classify(EvaluationTask task, Broadcast<byte[]> state)
      implements FlatMapFunction<Iterator<ExampleBlock>, byte[]> {
    @Override
    public Iterator<byte[]> call(Iterator<ExampleBlock> blocks) {
      ReplicaState replica = Received.state(state);
      return List.of(Wire.bytes(task.evaluate(replica, blocks))).iterator();
    }
  }
}
