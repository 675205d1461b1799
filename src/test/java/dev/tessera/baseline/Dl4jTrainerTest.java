package dev.tessera.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.error.JobException;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.round.TrainingSettings;
import dev.tessera.round.TrainingSettings.TrainerKind;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessionExtension.class)
final class Dl4jTrainerTest {
  private static final Shape.Image INPUT = new Shape.Image(6, 6, 1);

  private final JavaSparkContext spark;

  Dl4jTrainerTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @Test
  void learnsWhichHalfIsBright() {
    Updater updater = new Updater.Nesterov(0.9);
    Workload workload = workload(updater);
    ReplicaState start = workload.initialState(1);
    float[] untouched = start.parameters().clone();
    List<Integer> epochs = new ArrayList<>();
    Set<Integer> before = spark.getPersistentRDDs().keySet();
    JavaRDD<PixelBlock> shards = spark.parallelize(List.of(block(0), block(1)), 2);
    ReplicaState end =
        new Dl4jTrainer(workload, settings(updater), 1)
            .train(shards, start, (epoch, state, score) -> epochs.add(epoch));
    assertThat(spark.getPersistentRDDs().keySet()).isEqualTo(before);
    assertThat(epochs).containsExactly(0, 1, 2);
    assertThat(start.parameters()).isEqualTo(untouched);
    assertThat(end.updaterState()).isNotEqualTo(start.updaterState());
    assertThat(accuracy(workload, start)).isLessThan(0.9);
    assertThat(accuracy(workload, end)).isGreaterThan(0.95);
  }

  @Test
  void refusesWhatDl4jLacks() {
    Updater momentum = new Updater.Momentum(0.9);
    assertThatThrownBy(() -> new Dl4jTrainer(workload(momentum), settings(momentum), 1))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("no classical momentum");
    Updater sgd = new Updater.Sgd();
    Workload plain = workload(sgd);
    Map<String, Workload> refused =
        Map.of(
            "training.labelSmoothing",
            with(plain, new Objective(0.1, List.of()), GradientClipping.NONE),
            "training.classWeights",
            with(plain, new Objective(0, List.of(1.0, 2.0)), GradientClipping.NONE),
            "training.clipNorm",
            with(plain, Objective.PLAIN, new GradientClipping(1, 0)),
            "training.clipValue",
            with(plain, Objective.PLAIN, new GradientClipping(0, 1)));
    refused.forEach(
        (key, workload) ->
            assertThatThrownBy(() -> new Dl4jTrainer(workload, settings(sgd), 1))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith(key + " does not go with training.trainer = dl4j"));
    Workload graph =
        Workloads.of(
            NamedNetworks.named("resnet18").compile(new Shape.Image(32, 32, 1), 2),
            PixelScaling.unit(1),
            sgd,
            0,
            10);
    assertThatThrownBy(() -> new Dl4jTrainer(graph, settings(sgd), 1))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("model: a network with joins or groups does not go with");
  }

  private static Workload with(Workload plain, Objective objective, GradientClipping clipping) {
    return new Workload(
        plain.network(),
        plain.scaling(),
        objective,
        plain.updater(),
        plain.regularisation(),
        clipping,
        plain.batchSize());
  }

  private static double accuracy(Workload workload, ReplicaState state) {
    PixelBlock block = block(9);
    Minibatch minibatch = new Minibatch(INPUT, 10);
    float[] probabilities = new float[10 * 2];
    int right = 0;
    try (Replica replica = new Nd4jEngine().open(workload, 1)) {
      replica.load(state);
      for (int i = 0; i < block.size(); i++) {
        minibatch.add(block, i);
        if (minibatch.size() == 10) {
          replica.infer(minibatch, probabilities);
          for (int j = 0; j < 10; j++) {
            int found = probabilities[2 * j + 1] > probabilities[2 * j] ? 1 : 0;
            right += found == minibatch.labels()[j] ? 1 : 0;
          }
          minibatch.clear();
        }
      }
    }
    return right / (double) block.size();
  }

  /** Class 0 is bright on the left, class 1 on the right. */
  private static PixelBlock block(int number) {
    int size = 110;
    byte[] pixels = new byte[size * INPUT.size()];
    int[] labels = new int[size];
    String[] origins = new String[size];
    RandomStream random = RandomStream.of(7, Purpose.EXAMPLE_ORDER, number);
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(2);
      origins[i] = number + "-" + i;
      for (int p = 0; p < INPUT.size(); p++) {
        boolean right = p % INPUT.width() >= INPUT.width() / 2;
        pixels[i * INPUT.size() + p] =
            (byte) (random.nextInt(160) + (right == (labels[i] == 1) ? 60 : 0));
      }
    }
    return new PixelBlock(INPUT, pixels, labels, origins);
  }

  private static Workload workload(Updater updater) {
    var network =
        NetworkSpec.chain(
                "custom",
                List.of(
                    Convolution.of(4, 3, Padding.SAME, Activation.RELU),
                    BatchNorm.DEFAULT,
                    new Flatten(),
                    Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
            .compile(INPUT, 2);
    return Workloads.of(network, PixelScaling.unit(1), updater, 0, 10);
  }

  private static TrainingSettings settings(Updater updater) {
    return new TrainingSettings(
        3,
        10,
        2,
        2,
        updater,
        0.02,
        Objective.PLAIN,
        Regularisation.NONE,
        GradientClipping.NONE,
        UpdaterStatePolicy.AVERAGE,
        1,
        TrainerKind.DL4J);
  }
}
