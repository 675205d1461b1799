package dev.tessera;

import dev.tessera.stats.Evaluation;
import java.util.List;
import java.util.Optional;

/**
 * What a training run leaves.
 *
 * @param runDir the run folder
 * @param modelFile its {@code model.zip}, which DL4J's {@code
 *     ModelSerializer.restoreMultiLayerNetwork} opens
 * @param classNames what the outputs mean, in order
 * @param rounds how many rounds were run
 * @param seconds from the first round's start to the last one's end, evaluations included
 * @param validation figures at the end on the validation set, if there is one
 * @param test figures at the end on the test set, if there is one
 * @param origin a run that was over already has its figures in {@code evaluation.json} alone
 */
public record TrainedModel(
    String runDir,
    String modelFile,
    List<String> classNames,
    int rounds,
    double seconds,
    Optional<Evaluation> validation,
    Optional<Evaluation> test,
    Origin origin) {
  public TrainedModel {
    classNames = List.copyOf(classNames);
  }

  /** Where the model comes from. */
  public enum Origin {
    TRAINED_NOW,
    /** Its run had finished before this one began. */
    EARLIER_RUN
  }
}
