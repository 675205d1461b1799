package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.error.DivergenceException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The loop over rounds: run the workers, take the average, tell the listener. Knows neither Spark
 * nor an engine.
 */
public final class Trainer {
  private final TrainingSettings settings;
  private final EpochPlan plan;
  private final RoundRunner runner;
  private final OuterStep outerStep;
  private final @Nullable Evaluator validation;
  private final TrainingListener listener;

  /**
   * @param validation evaluates at the end of epochs, or null if there is no validation set
   */
  public Trainer(
      TrainingSettings settings,
      EpochPlan plan,
      RoundRunner runner,
      OuterStep outerStep,
      @Nullable Evaluator validation,
      TrainingListener listener) {
    this.settings = settings;
    this.plan = plan;
    this.runner = runner;
    this.outerStep = outerStep;
    this.validation = validation;
    this.listener = listener;
  }

  /** Rounds of the whole run. */
  public int rounds() {
    return Math.multiplyExact(settings.epochs(), plan.roundsPerEpoch());
  }

  /**
   * Goes on from the state's round to the last of the last epoch. @throws DivergenceException if a
   * round has no healthy worker
   */
  public GlobalState train(GlobalState start) {
    GlobalState state = start;
    while (state.round() < rounds()) {
      RoundPlan round = plan.round(state.round());
      RoundOutcome outcome = runner.run(round, settings.learningRate(), state);
      long began = System.nanoTime();
      state = outerStep.next(state, average(round, outcome));
      report(round, outcome, state, began);
    }
    return state;
  }

  private void report(RoundPlan round, RoundOutcome outcome, GlobalState state, long began) {
    boolean endsEpoch = plan.endsEpoch(round);
    double driver = (System.nanoTime() - began) / 1e9;
    RoundOutcome timed =
        new RoundOutcome(
            outcome.average(),
            outcome.reports(),
            outcome.statistics(),
            outcome.seconds().withDriver(driver));
    listener.roundFinished(
        new RoundReport(
            round,
            rounds(),
            settings.epochs(),
            endsEpoch,
            settings.learningRate(),
            settings.averagingFrequency(),
            timed,
            state));
    boolean due =
        (round.epoch() + 1) % settings.evaluateEvery() == 0
            || round.epoch() + 1 == settings.epochs();
    if (validation != null && endsEpoch && due) {
      listener.evaluated(round.epoch(), round.round(), validation.evaluate(state.replica()));
    }
  }

  private ReplicaState average(RoundPlan round, RoundOutcome outcome) {
    ReplicaState average = outcome.average();
    if (average == null) {
      String causes =
          outcome.reports().stream()
              .filter(report -> !report.excluded().isEmpty())
              .map(report -> "worker " + report.worker() + ": " + report.excluded())
              .collect(Collectors.joining("; "));
      throw new DivergenceException(
          "Training diverged in round "
              + (round.round() + 1)
              + " (epoch "
              + (round.epoch() + 1)
              + "): no worker has finite parameters and loss any more ("
              + causes
              + "). The usual cause is a learning rate that is too high: training.learningRate is "
              + settings.learningRate()
              + ", try a tenth of it. Else look for images that are all one colour"
              + " with image.scaling = standardise, and at the parameter tables of the rounds before.");
    }
    return average;
  }
}
