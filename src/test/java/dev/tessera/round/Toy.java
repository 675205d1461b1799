package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.Engine;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.BlockDecoder;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.round.GlobalState.OuterState;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import java.util.ArrayList;
import java.util.List;

/** A small data set whose classes lie apart, and the workload that learns it. */
public final class Toy {
  static final Shape.Image SHAPE = new Shape.Image(2, 2, 3);
  static final int CLASSES = 3;
  static final long SEED = 42;
  public static final double LEARNING_RATE = 0.2;
  static final Updater NESTEROV = new Updater.Nesterov(0.9);
  public static final Updater ADAM = new Updater.Adam(0.9, 0.999, 1e-8);

  private Toy() {}

  /** For blocks of pixels, which need none. */
  static BlockDecoder decoder() {
    return new BlockDecoder(Feeding.ofPixels(SHAPE).image());
  }

  static NetworkPlan network() {
    return NetworkSpec.chain(
            "toy", List.of(new Flatten(), Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
        .compile(SHAPE, CLASSES);
  }

  public static Workload workload(Updater updater, int batchSize) {
    return Workloads.of(network(), PixelScaling.unit(3), updater, 1e-3, batchSize);
  }

  /** Class c is bright in every third value from c on; the first value is the marker. */
  public static PixelBlock block(long seed, int size, int marker) {
    RandomStream random = RandomStream.of(seed, Purpose.AUGMENTATION);
    byte[] pixels = new byte[size * SHAPE.size()];
    int[] labels = new int[size];
    String[] origins = new String[size];
    for (int e = 0; e < size; e++) {
      labels[e] = random.nextInt(CLASSES);
      origins[e] = seed + "/" + e;
      for (int i = 0; i < SHAPE.size(); i++) {
        int brightness = i % CLASSES == labels[e] ? 120 : 20;
        pixels[e * SHAPE.size() + i] = (byte) (brightness + random.nextInt(100));
      }
      pixels[e * SHAPE.size()] = (byte) marker;
    }
    return new PixelBlock(SHAPE, pixels, labels, origins);
  }

  /** Shard k has the given number of examples, in one block, marked with k. */
  public static List<Shard> shards(int... sizes) {
    List<Shard> shards = new ArrayList<>();
    for (int k = 0; k < sizes.length; k++) {
      shards.add(new Shard(List.of(block(1000 + k, sizes[k], k))));
    }
    return shards;
  }

  public static FitTask task(
      Engine engine, Workload workload, int averagingFrequency, List<Shard> shards) {
    return new FitTask(
        engine,
        workload,
        new EpochPlan(
            SEED,
            workload.batchSize(),
            averagingFrequency,
            shards.stream().map(Shard::size).toList()),
        1,
        UpdaterStatePolicy.AVERAGE);
  }

  static TrainingSettings settings(FitTask task, int epochs) {
    return settings(task, epochs, EarlyStopping.OFF);
  }

  static TrainingSettings settings(FitTask task, int epochs, EarlyStopping stopping) {
    return settings(task, epochs, stopping, TrainingSettings.Rollback.NONE);
  }

  static TrainingSettings settings(
      FitTask task, int epochs, EarlyStopping stopping, TrainingSettings.Rollback rollback) {
    return new TrainingSettings(
        epochs,
        task.plan().batchSize(),
        task.plan().workers(),
        task.plan().averagingFrequency(),
        task.workload().updater(),
        LEARNING_RATE,
        task.workload().objective(),
        task.workload().regularisation(),
        task.workload().clipping(),
        TrainingSettings.UpdaterStatePolicy.AVERAGE,
        1,
        stopping,
        Sampling.NATURAL,
        rollback,
        TrainingSettings.TrainerKind.AVERAGING,
        TrainingSettings.ClassWeighting.GIVEN);
  }

  static Trainer trainer(
      FitTask task, List<Shard> shards, int epochs, OuterStep outer, TrainingListener listener) {
    return new Trainer(
        settings(task, epochs),
        task.plan(),
        new LocalRoundRunner(task, shards),
        outer,
        null,
        listener);
  }

  public static GlobalState start(Workload workload) {
    return new GlobalState(0, workload.initialState(SEED), OuterState.NONE);
  }

  /** Trains from the start by plain averaging. */
  static GlobalState train(
      Engine engine, Workload workload, int averagingFrequency, List<Shard> shards, int epochs) {
    FitTask task = task(engine, workload, averagingFrequency, shards);
    return trainer(task, shards, epochs, OuterStep.AVERAGE, new Heard()).train(start(workload));
  }

  public static void assertEqualBits(ReplicaState actual, ReplicaState expected) {
    assertThat(bits(actual.parameters())).isEqualTo(bits(expected.parameters()));
    assertThat(bits(actual.updaterState())).isEqualTo(bits(expected.updaterState()));
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
