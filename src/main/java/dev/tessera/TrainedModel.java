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
 * @param modelRound the round whose state the model is: the last, or the best
 * @param stoppedEarly whether {@code training.earlyStopping} ended it before its last epoch
 * @param seconds from the first round's start to the last one's end, evaluations included
 * @param validation figures at the end on the validation set, if there is one; of a run that was
 *     over already only where {@code evaluation.json} is of that set
 * @param test figures at the end on the test set, if there is one
 * @param origin whether the run was over already; its figures then are those of {@code
 *     evaluation.json}, and name no mistakes
 */
public record TrainedModel(
    String runDir,
    String modelFile,
    List<String> classNames,
    int rounds,
    int modelRound,
    boolean stoppedEarly,
    double seconds,
    Optional<Evaluation> validation,
    Optional<Evaluation> test,
    Origin origin) {
  public TrainedModel {
    classNames = List.copyOf(classNames);
  }

  /** Figures on the test set, or on the validation set where there is no other. */
  public Optional<EvaluatedModel> heldOut() {
    return test.map(figures -> new EvaluatedModel(EvaluatedModel.TEST, figures))
        .or(
            () ->
                validation.map(figures -> new EvaluatedModel(EvaluatedModel.VALIDATION, figures)));
  }

  /** Where the model comes from. */
  public enum Origin {
    TRAINED_NOW,
    /** Its run had finished before this one began. */
    EARLIER_RUN
  }
}
