package dev.tessera.job;

import dev.tessera.dataset.DatasetSettings;
import dev.tessera.engine.EngineSettings;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.network.NetworkSpec;
import dev.tessera.round.TrainingSettings;
import dev.tessera.run.RunSettings;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Everything about a run, checked.
 *
 * @param augment {@code image.augment}
 * @param model not yet fitted to the number of classes, which only the data set tells
 * @param spark Spark settings of the job, as {@code spark.any.key} to value
 * @param resolved the whole job as HOCON, every default spelled out; parses to an equal job
 * @param modelOrigin where the model stands in the file, for errors that only the data set brings
 *     out
 */
public record Job(
    RunSettings run,
    DatasetSettings dataset,
    ImageSettings image,
    Augmentation augment,
    NetworkSpec model,
    TrainingSettings training,
    EngineSettings engine,
    Map<String, String> spark,
    String resolved,
    ModelOrigin modelOrigin) {
  public Job {
    spark = Map.copyOf(spark);
  }

  /** The number of classes that the last layer was made for, if it says so. */
  public OptionalInt classesOfModel() {
    return ModelCheck.statedClasses(model);
  }

  /** The number of classes that the {@code dataset} section tells, if it does. */
  public OptionalInt classesOfDataset() {
    return ModelCheck.knownClasses(dataset);
  }
}
