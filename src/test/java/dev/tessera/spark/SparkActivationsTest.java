package dev.tessera.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.error.StorageException;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.PixelBlock;
import dev.tessera.round.ActivationTask;
import dev.tessera.round.FitTask;
import dev.tessera.round.SoftmaxRegressionEngine;
import dev.tessera.round.Toy;
import dev.tessera.stats.ImageActivations;
import dev.tessera.stats.ShownExample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkSessionExtension.class)
class SparkActivationsTest {
  private static final int BLOCKS = 4;
  private static final Workload WORKLOAD = Toy.workload(Toy.ADAM, 4);
  private static final ActivationTask TASK =
      new ActivationTask(SoftmaxRegressionEngine.withMasks(), WORKLOAD, 1);

  private final JavaSparkContext spark;

  SparkActivationsTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  private static List<ExampleBlock> blocks() {
    List<ExampleBlock> blocks = new ArrayList<>();
    for (int k = 0; k < BLOCKS; k++) {
      blocks.add(Toy.block(1000 + k, 10, k));
    }
    return blocks;
  }

  private static ShownExample example(int block, int index) {
    PixelBlock found = Toy.block(1000 + block, 10, block);
    return new ShownExample(found.origin(index), found.label(index));
  }

  /** One in each of three blocks, none in the first, and one that is nowhere. */
  private static final List<ShownExample> WANTED =
      List.of(example(3, 1), example(1, 9), new ShownExample("nowhere", 0), example(2, 0));

  private List<ImageActivations> show(JavaRDD<ExampleBlock> shards) {
    ReplicaState state = WORKLOAD.initialState(2);
    return new SparkActivations(spark, shards, TASK, "test").of(state, WANTED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void areThoseOfTheTaskWhereverTheExamplesLie(int partitions) {
    List<ImageActivations> expected =
        TASK.show(() -> WORKLOAD.initialState(2), WANTED, blocks().iterator());
    assertThat(show(spark.parallelize(blocks(), partitions)))
        .containsExactlyInAnyOrderElementsOf(expected)
        .extracting(ImageActivations::example)
        .containsExactly(WANTED.get(0), WANTED.get(1), WANTED.get(3));
  }

  @Test
  void ofNoExamplesAreNoneWithoutReadingAnything() {
    JavaRDD<ExampleBlock> shards = spark.parallelize(blocks(), 2).map(new Unreadable());
    assertThat(
            new SparkActivations(spark, shards, TASK, "test")
                .of(WORKLOAD.initialState(2), List.of()))
        .isEmpty();
  }

  private record Unreadable() implements Function<ExampleBlock, ExampleBlock> {
    @Override
    public ExampleBlock call(ExampleBlock block) {
      throw new StorageException("photos/test can't be read", new IOException("gone"));
    }
  }

  @Test
  void failureThatIsNamedForTheUserComesOutOfSparksWrapping() {
    JavaRDD<ExampleBlock> shards = spark.parallelize(blocks(), 2).map(new Unreadable());
    assertThatThrownBy(() -> show(shards))
        .isInstanceOf(StorageException.class)
        .hasMessage("photos/test can't be read");
  }

  /** The session may be a notebook's. */
  @Test
  void leavesTheCallersDescriptionAsItWas() {
    spark.setLocalProperty("spark.job.description", "cell 7");
    try {
      show(spark.parallelize(blocks(), 2));
      assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("cell 7");
    } finally {
      spark.setLocalProperty("spark.job.description", null);
    }
  }
}
