package dev.tessera.job;

import dev.tessera.engine.EngineSettings;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.network.Shape;
import dev.tessera.round.Sampling;
import dev.tessera.round.TrainingSettings;
import dev.tessera.round.TrainingSettings.TrainerKind;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import java.util.List;
import java.util.OptionalInt;

/** {@code training}: how long, how fast, by how many workers. */
final class TrainingParser {
  static final Key<Integer> EPOCHS =
      Key.of(
          "epochs", WholeNumber.from(1, 1_000_000), 3, "epochs", "Passes over the training set.");
  static final Key<Integer> BATCH_SIZE =
      Key.of(
          "batchSize",
          WholeNumber.from(1, 1_000_000),
          64,
          "images",
          "Images in a minibatch of one worker.");
  static final Key<Integer> WORKERS =
      Key.of(
          "workers",
          WholeNumber.from(1, 100_000),
          2,
          "workers",
          "Copies of the network that learn at the same time, each from its own part of the training"
              + " set. Any number runs on any cluster; as many as it has task slots is fastest.");
  static final Key<Integer> AVERAGING_FREQUENCY =
      Key.of(
          "averagingFrequency",
          WholeNumber.from(1, 1_000_000_000),
          10,
          "minibatches",
          "Minibatches of every worker between two averages, that is the length of a round.");
  static final Key<String> UPDATER =
      Group.key(
          "updater",
          "updater",
          "a name, or { name = nesterov, momentum = 0.9 }; names are "
              + String.join(", ", UpdaterParser.names()),
          "{ name = nesterov, momentum = 0.9 }",
          "How a gradient changes the parameters.");
  static final Key<Double> LEARNING_RATE =
      Key.derived(
          "learningRate",
          Decimal.above(0, 1e6),
          0.02,
          "that of the updater, for nesterov 0.02",
          "",
          "Size of a step: too large and the loss grows, too small and it hardly falls.");
  static final Key<Double> LABEL_SMOOTHING =
      Key.of(
          "labelSmoothing",
          Decimal.share(),
          0.0,
          "",
          "Part of every target that is spread over all classes, so that the network is less sure of"
              + " itself; 0.1 is usual.");
  static final Key<ClassWeights> CLASS_WEIGHTS =
      Key.derived(
          "classWeights",
          new ClassWeights.Type(),
          ClassWeights.EQUAL,
          "[], all 1",
          "",
          "What an image of class 0, 1, ... counts in the loss, one number a class; more for rare"
              + " classes. The sum is divided by the number of images. balanced is, for every class,"
              + " the images of the training set / (classes x its images).");
  static final Key<Double> L1 =
      Key.of(
          "l1",
          Decimal.from(0, 1e6),
          0.0,
          "",
          "Factor of the sum of the weights without their signs, added to the loss; brings many"
              + " weights to about 0.");
  static final Key<Double> L2 =
      Key.of(
          "l2",
          Decimal.from(0, 1e6),
          0.0,
          "",
          "Factor of half the squared norm of the weights, added to the loss against overfitting; 1e-4"
              + " is usual.");
  static final Key<Double> CLIP_NORM =
      Key.of(
          "clipNorm",
          Decimal.from(0, 1e9),
          0.0,
          "",
          "Largest length of the gradient of all parameters together; a longer one is shortened to"
              + " it. 0 is off.");
  static final Key<Double> CLIP_VALUE =
      Key.of(
          "clipValue",
          Decimal.from(0, 1e9),
          0.0,
          "",
          "Largest value of every single number of the gradient, either sign; cut before clipNorm"
              + " applies. 0 is off.");
  static final Key<UpdaterStatePolicy> UPDATER_STATE =
      Key.of(
          "updaterState",
          Word.of(UpdaterStatePolicy.values()),
          UpdaterStatePolicy.AVERAGE,
          "",
          "What becomes of the updater's memory (momentum and the like) when workers are averaged:"
              + " average it too, or reset it.");
  static final Key<Integer> EVALUATE_EVERY =
      Key.of(
          "evaluateEvery",
          WholeNumber.from(1, 1_000_000),
          1,
          "epochs",
          "How often the validation set is evaluated; after the last epoch it is anyway.");
  static final Key<String> EARLY_STOPPING =
      Group.key(
          "earlyStopping",
          "group",
          "earlyStopping { patience = 5, metric = accuracy }",
          "off",
          "Ends the run once the validation set is classified no better.");
  static final Key<Sampling> SAMPLING =
      Key.of(
          "sampling",
          Word.of(Sampling.values()),
          Sampling.NATURAL,
          "",
          "natural draws every image once an epoch; balanced draws as many, but of every class equally"
              + " many: images of small classes come again and again, of large ones a part.");
  static final Key<Double> ROLLBACK_FACTOR =
      Key.of(
          "rollbackFactor",
          Decimal.from(1e-6, 0.999),
          0.1,
          "",
          "After a round without any finite replica the state before it is taken again, and the"
              + " learning rate times this from there on.");
  static final Key<Integer> ROLLBACKS =
      Key.of(
          "rollbacks",
          WholeNumber.from(0, 1000),
          3,
          "rounds",
          "How often that is done in a run before it gives up.");
  static final Key<TrainerKind> TRAINER =
      Key.of(
          "trainer",
          Word.of(TrainerKind.values()),
          TrainerKind.AVERAGING,
          "",
          "Who averages: averaging is Tessera's own, dl4j is DL4J's ParameterAveragingTrainingMaster"
              + " as a baseline to compare with.");

  static final Key<EngineSettings.Kind> ENGINE =
      Key.of(
          "engine",
          Word.of(EngineSettings.Kind.values()),
          EngineSettings.Kind.AUTO,
          "",
          "What runs the minibatches: onednn is the fast one, nd4j runs DL4J's own layers, auto takes"
              + " onednn wherever it can run the network.");
  static final Key<Precision> PRECISION =
      Key.of(
          "precision",
          Word.of(Precision.values()),
          Precision.FLOAT,
          "",
          "Of the heavy layers' values and gradients. bfloat16 is faster on processors with"
              + " avx512_bf16 or amx; parameters, sums and batch norm are floats all the same.");

  static final List<Key<?>> KEYS =
      List.of(
          EPOCHS,
          BATCH_SIZE,
          WORKERS,
          AVERAGING_FREQUENCY,
          UPDATER,
          LEARNING_RATE,
          LABEL_SMOOTHING,
          CLASS_WEIGHTS,
          L1,
          L2,
          CLIP_NORM,
          CLIP_VALUE,
          UPDATER_STATE,
          EVALUATE_EVERY,
          EARLY_STOPPING,
          SAMPLING,
          ROLLBACK_FACTOR,
          ROLLBACKS,
          TRAINER,
          ENGINE,
          PRECISION);

  private TrainingParser() {}

  static TrainingSettings read(Section training) {
    Updater updater = UpdaterParser.read(training);
    ClassWeights weights = classWeights(training);
    Sampling sampling = sampling(training, weights);
    return new TrainingSettings(
        training.read(EPOCHS),
        training.read(BATCH_SIZE),
        training.read(WORKERS),
        training.read(AVERAGING_FREQUENCY),
        updater,
        training.read(LEARNING_RATE, UpdaterParser.learningRate(updater)),
        new Objective(training.read(LABEL_SMOOTHING), weights.given()),
        new Regularisation(training.read(L1), training.read(L2)),
        new GradientClipping(training.read(CLIP_NORM), training.read(CLIP_VALUE)),
        training.read(UPDATER_STATE),
        training.read(EVALUATE_EVERY),
        EarlyStoppingParser.read(training),
        sampling,
        new TrainingSettings.Rollback(training.read(ROLLBACK_FACTOR), training.read(ROLLBACKS)),
        training.read(TRAINER),
        weights.weighting());
  }

  static EngineSettings readEngine(Section training) {
    return new EngineSettings(training.read(ENGINE), training.read(PRECISION));
  }

  private static ClassWeights classWeights(Section training) {
    ClassWeights weights = training.read(CLASS_WEIGHTS);
    List<Double> given = weights.given();
    if (!given.isEmpty() && given.stream().allMatch(weight -> weight == 0)) {
      training.problem(
          CLASS_WEIGHTS, "nothing but zeros", "No image would count. Give one class more.");
      return ClassWeights.EQUAL;
    }
    return weights;
  }

  /** Either of the two balances the classes by itself. */
  private static Sampling sampling(Section training, ClassWeights weights) {
    Sampling sampling = training.read(SAMPLING);
    if (sampling == Sampling.BALANCED
        && weights.weighting() == TrainingSettings.ClassWeighting.BALANCED) {
      training.problem(
          SAMPLING,
          "training.classWeights is balanced too",
          "Small classes would count twice. Take one of the two.");
    }
    return sampling;
  }

  /** One weight a class, where the job says how many there are. */
  static void checkClassWeights(Section training, int weights, OptionalInt classes) {
    if (weights != 0 && classes.isPresent() && classes.getAsInt() != weights) {
      training.problem(
          CLASS_WEIGHTS,
          weights + " numbers for " + classes.getAsInt() + " classes",
          CLASS_WEIGHTS.advice());
    }
  }

  /** DL4J's trainer takes the images as they are cached. */
  static void checkAugmentation(Section image, Augmentation augment, TrainerKind trainer) {
    if (trainer == TrainerKind.DL4J && !augment.isNone()) {
      image.problem(
          AugmentationKeys.AUGMENT,
          "it does not go with training.trainer = dl4j, which takes images as they are",
          "Remove the group, or use trainer = averaging.");
    }
  }

  /** The floats of a minibatch lie in one native buffer, of at most 2^31 - 1 bytes. */
  static void checkMinibatch(Section training, int batchSize, Shape.Image image) {
    int most = Integer.MAX_VALUE / Float.BYTES / image.size();
    if (batchSize <= most) {
      return;
    }
    String what = "a minibatch of " + batchSize + " images of " + image + " takes more than 2 GB";
    String advice =
        "Use a batchSize of at most " + most + " for images of this size, or make them smaller.";
    if (training.has(BATCH_SIZE)) {
      training.problem(BATCH_SIZE, what, advice);
    } else {
      Problems problems = training.problems();
      problems.add(
          problems.nowhere(),
          problems.nowhere() + ": training.batchSize = " + batchSize,
          what,
          advice);
    }
  }

  static void write(TrainingSettings training, EngineSettings engine, HoconWriter to) {
    to.open("training")
        .put(EPOCHS, training.epochs())
        .put(BATCH_SIZE, training.batchSize())
        .put(WORKERS, training.workers())
        .put(AVERAGING_FREQUENCY, training.averagingFrequency())
        .put("updater", UpdaterParser.hocon(training.updater()))
        .put(LEARNING_RATE, training.learningRate())
        .put(LABEL_SMOOTHING, training.objective().labelSmoothing())
        .put(
            CLASS_WEIGHTS,
            new ClassWeights(training.classWeighting(), training.objective().classWeights()))
        .put(L1, training.regularisation().l1())
        .put(L2, training.regularisation().l2())
        .put(CLIP_NORM, training.clipping().norm())
        .put(CLIP_VALUE, training.clipping().value())
        .put(UPDATER_STATE, training.updaterState())
        .put(EVALUATE_EVERY, training.evaluateEvery());
    EarlyStoppingParser.write(training.earlyStopping(), to);
    to.put(SAMPLING, training.sampling())
        .put(ROLLBACK_FACTOR, training.rollback().factor())
        .put(ROLLBACKS, training.rollback().most())
        .put(TRAINER, training.trainer())
        .put(ENGINE, engine.kind())
        .put(PRECISION, engine.precision())
        .close();
  }
}
