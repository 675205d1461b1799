package dev.tessera.job;

import dev.tessera.dataset.DatasetSettings;
import dev.tessera.round.EarlyStopping;
import dev.tessera.round.TrainingSettings.TrainerKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code training.earlyStopping}: when the run ends before its last epoch. */
final class EarlyStoppingParser {
  static final Key<Integer> PATIENCE =
      Key.of(
          "patience",
          WholeNumber.from(1, 1_000_000),
          5,
          "evaluations",
          "So many evaluations in a row that are no better than the best before them end the run.");
  static final Key<EarlyStopping.Metric> METRIC =
      Key.of(
          "metric",
          Word.of(EarlyStopping.Metric.values()),
          EarlyStopping.Metric.ACCURACY,
          "",
          "Which figure of the validation set counts: accuracy has to rise, loss to fall.");
  static final Key<Double> MIN_DELTA =
      Key.of(
          "minDelta",
          Decimal.from(0, 1e6),
          0.0,
          "",
          "An evaluation is better, and the new best one, if it is so by more than this.");
  static final Key<Boolean> RESTORE_BEST =
      Key.of(
          "restoreBest",
          new Flag(),
          true,
          "",
          "Whether the model is the best state, however the run ends, instead of the last. The driver"
              + " and checkpoints then hold two states.");

  static final List<Key<?>> KEYS = List.of(PATIENCE, METRIC, MIN_DELTA, RESTORE_BEST);

  private EarlyStoppingParser() {}

  static EarlyStopping read(Section training) {
    if (!training.has(TrainingParser.EARLY_STOPPING)) {
      return EarlyStopping.OFF;
    }
    Section group = training.section(TrainingParser.EARLY_STOPPING, KEYS);
    return new EarlyStopping(
        group.read(PATIENCE), group.read(METRIC), group.read(MIN_DELTA), group.read(RESTORE_BEST));
  }

  /**
   * It takes evaluations, and a trainer that may be stopped.
   *
   * @param dataset null after a problem with it
   */
  static void check(Section training, TrainerKind trainer, @Nullable DatasetSettings dataset) {
    if (!training.has(TrainingParser.EARLY_STOPPING)) {
      return;
    }
    if (trainer == TrainerKind.DL4J) {
      training.problem(
          TrainingParser.EARLY_STOPPING,
          "it does not go with training.trainer = dl4j, which runs all epochs",
          "Remove the group, or use trainer = averaging.");
    }
    if (dataset != null && dataset.validation() == null && dataset.validationFraction() == 0) {
      training.problem(
          TrainingParser.EARLY_STOPPING,
          "it needs a validation set, and this job has none",
          "Give dataset.validation, set dataset.validationFraction above 0, or remove the group.");
    }
  }

  static void write(EarlyStopping stopping, HoconWriter to) {
    if (stopping.equals(EarlyStopping.OFF)) {
      return;
    }
    to.open(TrainingParser.EARLY_STOPPING.name())
        .put(PATIENCE, stopping.patience())
        .put(METRIC, stopping.metric())
        .put(MIN_DELTA, stopping.minDelta())
        .put(RESTORE_BEST, stopping.restoreBest())
        .close();
  }
}
