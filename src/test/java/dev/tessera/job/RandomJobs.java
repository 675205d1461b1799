package dev.tessera.job;

import dev.tessera.dataset.Cache;
import dev.tessera.dataset.ClassNames;
import dev.tessera.dataset.DatasetSettings;
import dev.tessera.dataset.Location;
import dev.tessera.engine.EngineSettings;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.image.Colour;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelScaling;
import dev.tessera.image.ResizeSettings;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkSpec;
import dev.tessera.round.EarlyStopping;
import dev.tessera.round.Sampling;
import dev.tessera.round.TrainingSettings;
import dev.tessera.run.CheckpointPolicy;
import dev.tessera.run.RunSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Jobs with any allowed value under every key. */
final class RandomJobs {
  private static final List<String> ODD_TEXTS =
      List.of(
          "a",
          "two words",
          "s3a://b/c#d",
          "\"quoted\" \\ and ${not.put.in}",
          "ü\n\t",
          "1e3",
          "true");

  private RandomJobs() {}

  static Job next(Random random) {
    RunSettings run =
        new RunSettings(
            text(random),
            text(random),
            random.nextLong(),
            1 + random.nextInt(99),
            random.nextBoolean(),
            new CheckpointPolicy(
                1 + random.nextInt(99),
                Duration.ofMinutes(1 + random.nextInt(99)),
                1 + random.nextInt(9)));
    DatasetSettings dataset = dataset(random);
    ImageSettings image =
        new ImageSettings(
            40 + random.nextInt(60),
            40 + random.nextInt(60),
            random.nextBoolean() ? 1 : 3,
            any(random, PixelScaling.Kind.values()),
            1 + random.nextInt(1_000_000_000),
            colour(random),
            new ResizeSettings(
                any(random, ResizeSettings.Kind.values()),
                colour(random),
                any(random, ResizeSettings.Interpolation.values())));
    NetworkSpec model =
        random.nextInt(4) == 0
            ? NamedNetworks.named(any(random, NamedNetworks.names().toArray(String[]::new)))
            : RandomLayers.next(random);
    TrainingSettings training = training(random, !(dataset.train() instanceof Location.Cifar));
    Map<String, String> spark =
        random.nextBoolean()
            ? Map.of()
            : Map.of("spark.a." + random.nextInt(9), text(random), "spark.b", "2g");
    EngineSettings engine =
        new EngineSettings(
            any(random, EngineSettings.Kind.values()), any(random, Precision.values()));
    boolean dl4j = training.trainer() == TrainingSettings.TrainerKind.DL4J;
    Augmentation augment = dl4j ? Augmentation.NONE : RandomAugmentations.next(random);
    String resolved = JobWriter.text(run, dataset, image, augment, model, training, engine, spark);
    return new Job(
        run,
        dataset,
        image,
        augment,
        model,
        training,
        engine,
        spark,
        resolved,
        new ModelOrigin("", List.of()));
  }

  private static DatasetSettings dataset(Random random) {
    Supplier<Location> location = locations(random);
    return new DatasetSettings(
        location.get(),
        random.nextBoolean() ? null : location.get(),
        random.nextBoolean() ? null : location.get(),
        0.45 * random.nextDouble(),
        0.45 * random.nextDouble(),
        random.nextDouble(),
        any(random, Cache.values()));
  }

  /** Places of one format, alike in all that the job says once. */
  private static Supplier<Location> locations(Random random) {
    int classes = random.nextBoolean() ? 10 : 100;
    ClassNames names =
        random.nextBoolean() ? ClassNames.NONE : new ClassNames(List.of(), text(random));
    String a = textOrNull(random);
    String b = textOrNull(random);
    Location.Columns columns = new Location.Columns(a, b, textOrNull(random));
    return switch (any(random, LocationFormat.values())) {
      case FOLDER -> () -> new Location.Folder(text(random));
      case IDX -> () -> new Location.Idx(text(random), text(random), names);
      case CIFAR ->
          () -> new Location.Cifar(List.of(text(random) + 1, text(random) + 2), classes, names);
      case MANIFEST -> () -> new Location.Manifest(text(random), a, b, names);
      case PARQUET -> () -> new Location.Parquet(paths(random), columns, names);
      case TABLE -> () -> new Location.Table(text(random), columns, names);
      case TAR -> () -> new Location.Tar(paths(random), a, names);
      case TFRECORD -> () -> new Location.TfRecord(paths(random), a, b, names);
    };
  }

  private static List<String> paths(Random random) {
    return random.nextBoolean() ? List.of(text(random)) : List.of(text(random), text(random));
  }

  private static @Nullable String textOrNull(Random random) {
    return random.nextBoolean() ? null : text(random);
  }

  private static TrainingSettings training(Random random, boolean open) {
    TrainingSettings.TrainerKind trainer = any(random, TrainingSettings.TrainerKind.values());
    boolean balanced = random.nextBoolean();
    return new TrainingSettings(
        1 + random.nextInt(9),
        1 + random.nextInt(999),
        1 + random.nextInt(99),
        1 + random.nextInt(999),
        updater(random),
        Math.exp(-10 * random.nextDouble()),
        new Objective(small(random), balanced ? List.of() : weights(random, open)),
        new Regularisation(small(random), small(random)),
        new GradientClipping(small(random), small(random)),
        any(random, TrainingSettings.UpdaterStatePolicy.values()),
        1 + random.nextInt(9),
        trainer == TrainingSettings.TrainerKind.DL4J ? EarlyStopping.OFF : stopping(random),
        balanced ? Sampling.NATURAL : any(random, Sampling.values()),
        new TrainingSettings.Rollback(0.001 + 0.9 * random.nextDouble(), random.nextInt(9)),
        trainer,
        balanced
            ? TrainingSettings.ClassWeighting.BALANCED
            : TrainingSettings.ClassWeighting.GIVEN);
  }

  private static EarlyStopping stopping(Random random) {
    return random.nextBoolean()
        ? EarlyStopping.OFF
        : new EarlyStopping(
            1 + random.nextInt(99),
            any(random, EarlyStopping.Metric.values()),
            small(random),
            random.nextBoolean());
  }

  private static double small(Random random) {
    return random.nextBoolean() ? 0 : Math.exp(-1e-3 - 30 * random.nextDouble());
  }

  /** As many as any of the data sets may have, so none for those that say how many. */
  private static List<Double> weights(Random random, boolean open) {
    return open && random.nextBoolean() ? List.of(0.5, 1e-3 + random.nextDouble(), 0.0) : List.of();
  }

  private static Updater updater(Random random) {
    double a = random.nextDouble();
    double b = random.nextDouble();
    double epsilon = Math.exp(-1 - 30 * random.nextDouble());
    List<Updater> updaters =
        List.of(
            new Updater.Sgd(),
            new Updater.Momentum(a),
            new Updater.Nesterov(a),
            new Updater.Adam(a, b, epsilon),
            new Updater.AdamW(a, b, epsilon, random.nextDouble()),
            new Updater.RmsProp(a, epsilon),
            new Updater.AdaGrad(epsilon));
    return updaters.get(random.nextInt(updaters.size()));
  }

  private static String text(Random random) {
    return ODD_TEXTS.get(random.nextInt(ODD_TEXTS.size()));
  }

  static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static Colour colour(Random random) {
    return new Colour(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }
}
