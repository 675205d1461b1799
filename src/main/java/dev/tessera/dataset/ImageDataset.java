package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The sets of a job, decoded, dealt out to workers and cached. Close it to give the cache back; the
 * Spark context is somebody else's.
 */
public final class ImageDataset implements AutoCloseable {
  private final List<String> classNames;
  private final Shards train;
  private final @Nullable Shards validation;
  private final @Nullable Shards test;

  ImageDataset(
      List<String> classNames, Shards train, @Nullable Shards validation, @Nullable Shards test) {
    this.classNames = List.copyOf(classNames);
    this.train = train;
    this.validation = validation;
    this.test = test;
  }

  /**
   * Lists, splits, decodes and caches every set: as many Spark jobs as it needs, and the time it
   * takes to read all images once. Logs what it found.
   *
   * @param seed decides splits, shards and their order
   * @param workers number of shards of every set, at least 1
   * @param roundExamples of one worker in one round, at least 1: what a task holds at once
   * @throws dev.tessera.error.JobException if the input is wrong: missing, empty, one class, a
   *     class without training images, a damaged file of records
   * @throws dev.tessera.error.DataException if more images of a source are bad than the settings
   *     allow
   * @throws dev.tessera.error.StorageException if a store can't be read
   */
  public static ImageDataset open(
      JavaSparkContext spark,
      DatasetSettings settings,
      ImageSettings image,
      long seed,
      int workers,
      long roundExamples) {
    try (DatasetOpening opening =
        new DatasetOpening(spark, settings, image, seed, workers, roundExamples)) {
      return opening.open();
    }
  }

  /** As above, in segments as large as a task can hold. */
  public static ImageDataset open(
      JavaSparkContext spark,
      DatasetSettings settings,
      ImageSettings image,
      long seed,
      int workers) {
    return open(spark, settings, image, seed, workers, 1);
  }

  /**
   * Lists, decodes and caches the test set alone, or the validation set of a job without one.
   *
   * @param classNames what the model's outputs mean; the set's classes are matched with them by
   *     name
   * @throws dev.tessera.error.JobException if the job has neither, or its input is wrong
   */
  public static HeldOutSet openHeldOut(
      JavaSparkContext spark,
      DatasetSettings settings,
      ImageSettings image,
      long seed,
      int workers,
      List<String> classNames) {
    try (DatasetOpening opening = new DatasetOpening(spark, settings, image, seed, workers, 1)) {
      return opening.openHeldOut(classNames);
    }
  }

  /** Names of classes 0, 1, ...: what labels and the network's outputs mean. At least two. */
  public List<String> classNames() {
    return classNames;
  }

  public Shards train() {
    return train;
  }

  /** Null if the job has no validation set, or its fraction came to nothing. */
  public @Nullable Shards validation() {
    return validation;
  }

  /** Null if the job has no test set, or its fraction came to nothing. */
  public @Nullable Shards test() {
    return test;
  }

  @Override
  public void close() {
    for (Shards shards : sets()) {
      shards.close();
    }
  }

  private List<Shards> sets() {
    List<Shards> sets = new ArrayList<>();
    sets.add(train);
    if (validation != null) {
      sets.add(validation);
    }
    if (test != null) {
      sets.add(test);
    }
    return sets;
  }
}
