package dev.tessera.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.TinyImages;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.round.EpochPlan;
import dev.tessera.round.FitTask;
import dev.tessera.round.GlobalState;
import dev.tessera.round.LocalRoundRunner;
import dev.tessera.round.OuterStep;
import dev.tessera.round.ReplicaAverage;
import dev.tessera.round.RoundReport;
import dev.tessera.round.RoundRunner;
import dev.tessera.round.Shard;
import dev.tessera.round.Trainer;
import dev.tessera.round.TrainingListener;
import dev.tessera.round.TrainingSettings;
import dev.tessera.stats.Evaluation;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Whole training by rounds against plain DL4J, and many workers against one. */
class TrainingParityTest {
  private static final Shape.Image SHAPE = new Shape.Image(TinyImages.SIDE, TinyImages.SIDE, 1);
  private static final int BATCH = 8;
  private static final int EPOCHS = 3;
  private static final long SEED = 5;

  /**
   * Values are about 1 and float has 7 digits; 24 steps multiply the last one's error by some ten.
   * The loss is in double here and in float in DL4J, so gradients differ in their last bit.
   */
  private static final Offset<Float> ROUNDING = Offset.offset(2e-5f);

  static List<Updater> updaters() {
    return List.of(
        new Updater.Sgd(), new Updater.Nesterov(0.9), new Updater.Adam(0.9, 0.999, 1e-8));
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void oneWorkerAveragedEveryMinibatchEqualsPlainDl4j(Updater updater) {
    Workload workload = workload(updater);
    PixelBlock images = images(60);
    TrainingSettings settings = settings(updater, 1, 1);
    EpochPlan plan = new EpochPlan(SEED, BATCH, 1, List.of(images.size()));

    ReplicaState trained = train(workload, settings, plan, List.of(images));

    assertThat(trained.parameters())
        .containsExactly(plainDl4j(workload, settings, plan, images), ROUNDING);
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void workersOnEqualDataInEqualOrderEqualOneBitForBit(Updater updater) {
    Workload workload = workload(updater);
    PixelBlock images = images(60);
    EpochPlan plan = new EpochPlan(SEED, BATCH, 3, List.of(images.size()));
    TrainingSettings settings = settings(updater, 1, 3);
    ReplicaState one = train(workload, settings, plan, List.of(images));

    FitTask task =
        new FitTask(
            new Nd4jEngine(), workload, plan, 1, TrainingSettings.UpdaterStatePolicy.AVERAGE);
    Shard shard = new Shard(List.of(images));
    RoundRunner fourTimesTheSame =
        (round, learningRate, state) ->
            ReplicaAverage.of(
                    workload,
                    state.replica(),
                    Stream.generate(() -> task.fit(round, 0, learningRate, state.replica(), shard))
                        .limit(4)
                        .toList())
                .outcome(0, 0);
    ReplicaState four = train(workload, settings, plan, fourTimesTheSame);

    assertThat(four.parameters()).isEqualTo(one.parameters());
    assertThat(four.updaterState()).isEqualTo(one.updaterState());
  }

  /**
   * Adam is not among them: it makes steps of full size out of gradients that are rounding alone.
   */
  static List<Updater> updatersThatKeepRoundingSmall() {
    return List.of(new Updater.Sgd(), new Updater.Nesterov(0.9));
  }

  @ParameterizedTest
  @MethodSource("updatersThatKeepRoundingSmall")
  void workersOnEqualDataEqualOne(Updater updater) {
    // One minibatch an epoch: its order, which is each worker's own, changes only the order of
    // sums.
    Workload workload = workload(updater);
    PixelBlock images = images(BATCH);
    ReplicaState one =
        train(
            workload,
            settings(updater, 1, 1),
            new EpochPlan(SEED, BATCH, 1, List.of(BATCH)),
            List.of(images));

    ReplicaState four =
        train(
            workload,
            settings(updater, 4, 1),
            new EpochPlan(SEED, BATCH, 1, Collections.nCopies(4, BATCH)),
            Collections.nCopies(4, images));

    assertThat(four.parameters()).containsExactly(one.parameters(), ROUNDING);
  }

  private static Workload workload(Updater updater) {
    NetworkSpec network =
        NetworkSpec.chain(
            "tiny",
            List.of(
                Convolution.of(4, 3, Padding.SAME, Activation.RELU),
                Pooling.of(PoolingKind.MAX, 2),
                BatchNorm.DEFAULT,
                new Flatten(),
                Dense.of(Dense.CLASSES, Activation.SOFTMAX)));
    return Workloads.of(network.compile(SHAPE, 4), PixelScaling.unit(1), updater, 1e-3, BATCH);
  }

  private static TrainingSettings settings(Updater updater, int workers, int averagingFrequency) {
    return new TrainingSettings(
        EPOCHS,
        BATCH,
        workers,
        averagingFrequency,
        updater,
        updater instanceof Updater.Adam ? 0.001 : 0.02,
        Objective.PLAIN,
        new Regularisation(0, 1e-3),
        GradientClipping.NONE,
        TrainingSettings.UpdaterStatePolicy.AVERAGE,
        1,
        TrainingSettings.TrainerKind.AVERAGING);
  }

  private static ReplicaState train(
      Workload workload, TrainingSettings settings, EpochPlan plan, List<PixelBlock> shards) {
    LocalRoundRunner runner =
        new LocalRoundRunner(
            new FitTask(
                new Nd4jEngine(), workload, plan, 1, TrainingSettings.UpdaterStatePolicy.AVERAGE),
            shards.stream().map(block -> new Shard(List.of(block))).toList());
    return train(workload, settings, plan, runner);
  }

  private static ReplicaState train(
      Workload workload, TrainingSettings settings, EpochPlan plan, RoundRunner runner) {
    Trainer trainer = new Trainer(settings, plan, runner, OuterStep.AVERAGE, null, new Silent());
    return trainer
        .train(new GlobalState(0, workload.initialState(SEED), GlobalState.OuterState.NONE))
        .replica();
  }

  /** As anyone would train with DL4J alone, on the minibatches of the plan. */
  private static float[] plainDl4j(
      Workload workload, TrainingSettings settings, EpochPlan plan, PixelBlock images) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(Dl4jConfiguration.portable(workload, 1, settings.learningRate()));
    float[] start = workload.initialState(SEED).parameters();
    network.init(Nd4j.createFromArray(start).reshape(1, start.length), true);
    Minibatch minibatch = new Minibatch(SHAPE, BATCH);
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int[] order = plan.order(epoch, 0, 0);
      for (int from = 0; from < order.length; from += BATCH) {
        minibatch.clear();
        for (int i = from; i < Math.min(order.length, from + BATCH); i++) {
          minibatch.add(images, order[i]);
        }
        DataSet data = Dl4jDataSets.of(minibatch, workload);
        network.fit(data);
      }
    }
    return network.params().dup('c').data().asFloat();
  }

  private static PixelBlock images(int count) {
    RandomStream random = RandomStream.of(3, Purpose.AUGMENTATION);
    byte[] pixels = new byte[count * SHAPE.size()];
    int[] labels = new int[count];
    String[] origins = new String[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 4;
      origins[i] = "picture " + i;
      System.arraycopy(
          TinyImages.picture(random, labels[i]), 0, pixels, i * SHAPE.size(), SHAPE.size());
    }
    return new PixelBlock(SHAPE, pixels, labels, origins);
  }

  private static final class Silent implements TrainingListener {
    @Override
    public void roundFinished(RoundReport report) {}

    @Override
    public void evaluated(RoundReport report, Evaluation evaluation) {}
  }
}
