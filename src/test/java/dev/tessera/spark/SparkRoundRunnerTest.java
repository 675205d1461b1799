package dev.tessera.spark;

import static dev.tessera.round.Toy.assertEqualBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.engine.Engine;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.error.StorageException;
import dev.tessera.image.ExampleBlock;
import dev.tessera.round.EvaluationTask;
import dev.tessera.round.FitTask;
import dev.tessera.round.GlobalState;
import dev.tessera.round.LocalRoundRunner;
import dev.tessera.round.OuterStep;
import dev.tessera.round.RoundOutcome;
import dev.tessera.round.RoundRunner;
import dev.tessera.round.Shard;
import dev.tessera.round.SoftmaxRegressionEngine;
import dev.tessera.round.SoftmaxRegressionEngine.Damage;
import dev.tessera.round.Toy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkSessionExtension.class)
class SparkRoundRunnerTest {
  private static final long COLLECTED = Long.MAX_VALUE;
  private static final long SLICED = 0;

  /** The last worker has no minibatch left in the last round of an epoch. */
  private static final int[] SIZES = {17, 20, 5};

  private static final Workload WORKLOAD = Toy.workload(Toy.ADAM, 4);

  private final JavaSparkContext spark;

  SparkRoundRunnerTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  private static FitTask task(Engine engine) {
    return Toy.task(engine, WORKLOAD, 2, Toy.shards(SIZES));
  }

  /** The blocks of {@link Toy#shards}, a partition a worker. */
  private JavaRDD<ExampleBlock> blocks() {
    List<ExampleBlock> blocks = new ArrayList<>();
    for (int k = 0; k < SIZES.length; k++) {
      blocks.add(Toy.block(1000 + k, SIZES[k], k));
    }
    return spark.parallelize(blocks, SIZES.length);
  }

  private static RoundOutcome run(RoundRunner runner, FitTask task, GlobalState state) {
    return runner.run(task.plan().round(state.round()), Toy.LEARNING_RATE, state);
  }

  @ParameterizedTest
  @ValueSource(longs = {COLLECTED, SLICED})
  void givesTheBitsOfTheLocalRunner(long collectBytes) {
    FitTask task = task(SoftmaxRegressionEngine.withMasks());
    List<Shard> shards = Toy.shards(SIZES);
    SparkRoundRunner runner = new SparkRoundRunner(spark, blocks(), task, 6, collectBytes);
    GlobalState state = Toy.start(WORKLOAD);
    for (int round = 0; round < 2 * task.plan().roundsPerEpoch(); round++) {
      RoundOutcome expected = run(new LocalRoundRunner(task, shards), task, state);
      RoundOutcome actual = run(runner, task, state);

      ReplicaState average = Objects.requireNonNull(expected.average());
      assertEqualBits(Objects.requireNonNull(actual.average()), average);
      assertThat(actual.statistics()).isEqualTo(expected.statistics());
      assertThat(actual.loss()).isEqualTo(expected.loss());
      assertThat(actual.reports()).extracting("worker").containsExactly(0, 1, 2);
      assertThat(actual.reports())
          .extracting("examples")
          .isEqualTo(
              expected.reports().stream().map(report -> (Object) report.examples()).toList());
      state = OuterStep.AVERAGE.next(state, average);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {COLLECTED, SLICED})
  void leavesOutAWorkerThatIsNotFinite(long collectBytes) {
    FitTask task =
        task(
            SoftmaxRegressionEngine.failing(
                (minibatch, settings) ->
                    minibatch.pixels()[0] == 1 ? Damage.LOSS_NAN : Damage.NONE));
    GlobalState state = Toy.start(WORKLOAD);
    RoundOutcome expected = run(new LocalRoundRunner(task, Toy.shards(SIZES)), task, state);
    RoundOutcome actual =
        run(new SparkRoundRunner(spark, blocks(), task, 6, collectBytes), task, state);

    assertEqualBits(
        Objects.requireNonNull(actual.average()), Objects.requireNonNull(expected.average()));
    assertThat(actual.reports())
        .extracting("excluded")
        .containsExactly("", "its loss is not finite", "");
  }

  @ParameterizedTest
  @ValueSource(longs = {COLLECTED, SLICED})
  void hasNoAverageWithoutAHealthyWorker(long collectBytes) {
    FitTask task =
        task(SoftmaxRegressionEngine.failing((minibatch, settings) -> Damage.PARAMETER_INFINITE));
    RoundOutcome outcome =
        run(
            new SparkRoundRunner(spark, blocks(), task, 6, collectBytes),
            task,
            Toy.start(WORKLOAD));
    assertThat(outcome.average()).isNull();
    assertThat(outcome.reports()).hasSize(3).noneMatch(report -> report.excluded().isEmpty());
  }

  /** As where a cached block is lost and the store is gone. */
  private record Unreadable() implements Function<ExampleBlock, ExampleBlock> {
    @Override
    public ExampleBlock call(ExampleBlock block) {
      throw new StorageException("photos/train can't be read", new IOException("gone"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {COLLECTED, SLICED})
  void failureThatIsNamedForTheUserComesOutOfSparksWrapping(long collectBytes) {
    FitTask task = task(SoftmaxRegressionEngine.withMasks());
    SparkRoundRunner runner =
        new SparkRoundRunner(spark, blocks().map(new Unreadable()), task, 6, collectBytes);
    assertThatThrownBy(() -> run(runner, task, Toy.start(WORKLOAD)))
        .isInstanceOf(StorageException.class)
        .hasMessage("photos/train can't be read");
  }

  /** The session may be a notebook's. */
  @Test
  void leavesTheCallersDescriptionAsItWas() {
    FitTask task = task(SoftmaxRegressionEngine.withMasks());
    GlobalState state = Toy.start(WORKLOAD);
    spark.setLocalProperty("spark.job.description", "cell 7");
    try {
      run(new SparkRoundRunner(spark, blocks(), task, 6, COLLECTED), task, state);
      assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("cell 7");
      new SparkEvaluator(
              spark,
              blocks(),
              new EvaluationTask(task.engine(), WORKLOAD, 1),
              List.of("a", "b", "c"),
              "test")
          .evaluate(state.replica());
      assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("cell 7");
    } finally {
      spark.setLocalProperty("spark.job.description", null);
    }
  }

  @Test
  void soItDoesInAnEvaluation() {
    FitTask task = task(SoftmaxRegressionEngine.withMasks());
    SparkEvaluator evaluator =
        new SparkEvaluator(
            spark,
            blocks().map(new Unreadable()),
            new EvaluationTask(task.engine(), WORKLOAD, 1),
            List.of("a", "b", "c"),
            "test");
    assertThatThrownBy(() -> evaluator.evaluate(Toy.start(WORKLOAD).replica()))
        .isInstanceOf(StorageException.class)
        .hasMessage("photos/train can't be read");
  }
}
