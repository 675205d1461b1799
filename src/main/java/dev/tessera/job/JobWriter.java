package dev.tessera.job;

import dev.tessera.dataset.DatasetSettings;
import dev.tessera.engine.EngineSettings;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.network.NetworkSpec;
import dev.tessera.round.TrainingSettings;
import dev.tessera.run.RunSettings;
import java.util.Map;

/** The whole job as HOCON, every default spelled out, keys in a fixed order. */
final class JobWriter {
  private static final String HEADER =
      "# The job as it was read: includes, substitutions and --set put in, every default spelled out.";

  private JobWriter() {}

  static String text(
      RunSettings run,
      DatasetSettings dataset,
      ImageSettings image,
      Augmentation augment,
      NetworkSpec model,
      TrainingSettings training,
      EngineSettings engine,
      Map<String, String> spark) {
    HoconWriter text = new HoconWriter().line(HEADER);
    RunParser.write(run, text);
    DatasetParser.write(dataset, text);
    ImageParser.write(image, augment, text);
    ModelParser.write(model, text);
    TrainingParser.write(training, engine, text);
    SparkParser.write(spark, text);
    return text.toString();
  }
}
