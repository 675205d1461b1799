package dev.tessera.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import dev.tessera.dataset.DatasetSettings;
import dev.tessera.engine.EngineSettings;
import dev.tessera.error.JobException;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.network.NetworkException;
import dev.tessera.round.TrainingSettings;
import dev.tessera.run.RunSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a job: HOCON with {@code include}, {@code ${key}}, {@code ${ENVIRONMENT_VARIABLE}} and
 * overrides. docs/job-file.md lists the keys.
 */
public final class JobParser {
  private static final String TEXT = "job";

  private final Problems problems;
  private final String source;
  private final String defaultName;

  private JobParser(String source, String defaultName) {
    this.problems = new Problems(source);
    this.source = source;
    this.defaultName = defaultName;
  }

  /**
   * The job in a file of this machine.
   *
   * @param overrides each {@code key=value}, as {@code --set} takes it; they count more than the
   *     file
   * @throws JobException naming every problem of the file with its line, if there is any
   */
  public static Job read(Path file, List<String> overrides) {
    JobFile.check(file);
    JobParser parser = new JobParser(file.toString(), JobFile.name(file));
    return parser.job(options -> ConfigFactory.parseFile(file.toFile(), options), overrides);
  }

  /**
   * The job in a text, for notebooks. Its includes are looked for from the working folder.
   *
   * @param overrides as for {@link #read}
   * @throws JobException naming every problem of the text with its line, if there is any
   */
  public static Job parse(String text, List<String> overrides) {
    JobParser parser = new JobParser(TEXT, TEXT);
    return parser.job(
        options -> ConfigFactory.parseString(text, options.setOriginDescription(TEXT)), overrides);
  }

  private Job job(Function<ConfigParseOptions, Config> file, List<String> overrides) {
    Section root = root(file, overrides);
    RunSettings run = RunParser.read(root.section(JobKeys.RUN, RunParser.KEYS));
    DatasetSettings dataset = DatasetParser.read(root.section(JobKeys.DATASET, DatasetParser.KEYS));
    int before = problems.count();
    Section imageSection = root.section(JobKeys.IMAGE, ImageParser.KEYS);
    ImageSettings image = ImageParser.read(imageSection);
    ModelParser.Model model = new ModelParser(problems).read(root);
    if (problems.count() == before) {
      checkModel(model, image, dataset);
    }
    Augmentation augment = AugmentationParser.read(imageSection, image.shape());
    Section trainingSection = root.section(JobKeys.TRAINING, TrainingParser.KEYS);
    TrainingSettings training = TrainingParser.read(trainingSection);
    EngineSettings engine = TrainingParser.readEngine(trainingSection);
    TrainingParser.checkClassWeights(
        trainingSection,
        training.objective().classWeights().size(),
        ModelCheck.knownClasses(dataset));
    TrainingParser.checkAugmentation(imageSection, augment, training.trainer());
    EarlyStoppingParser.check(trainingSection, training.trainer(), dataset);
    TrainingParser.checkMinibatch(trainingSection, training.batchSize(), image.shape());
    Map<String, String> spark = new SparkParser(problems).read(root, JobKeys.SPARK);
    problems.throwIfAny();
    DatasetSettings data = Objects.requireNonNull(dataset);
    String resolved =
        JobWriter.text(run, data, image, augment, model.network(), training, engine, spark);
    return new Job(
        run,
        data,
        image,
        augment,
        model.network(),
        training,
        engine,
        spark,
        resolved,
        model.origin());
  }

  /**
   * With what stood in for values that are wrong, shapes would be wrong too: call it for good ones.
   */
  private void checkModel(
      ModelParser.Model model, ImageSettings image, @Nullable DatasetSettings dataset) {
    try {
      ModelCheck.check(model.network(), image, dataset);
    } catch (NetworkException e) {
      problems.add(model.place(e), model.origin().locate(e));
    }
  }

  private Section root(Function<ConfigParseOptions, Config> file, List<String> overrides) {
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults()
              .setSyntax(ConfigSyntax.CONF)
              .setAllowMissing(false)
              .prependIncluder(new Includes(source, problems));
      Config written = new Overrides(problems).read(overrides).withFallback(file.apply(options));
      ConfigObject resolved = new Substitutions(problems).resolve(written.withFallback(name()));
      return new Section(new Node("", resolved, written.root()), JobKeys.KEYS, problems);
    } catch (ConfigException e) {
      HoconError.report(e, source, problems);
      problems.throwIfAny();
      throw e;
    }
  }

  /** So that {@code ${run.name}} works in a job without a name. */
  private Config name() {
    return ConfigValueFactory.fromAnyRef(defaultName, "default").atPath("run.name");
  }
}
