package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.error.DivergenceException;
import dev.tessera.stats.Evaluation;
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
   * Goes on from the state's round to the last of the last epoch, or to where the run stops early.
   *
   * @throws DivergenceException if a round has no healthy worker
   */
  public GlobalState train(GlobalState start) {
    GlobalState state = start;
    while (state.round() < rounds() && !settings.earlyStopping().ends(state.best())) {
      RoundPlan round = plan.round(state.round());
      double rate = settings.learningRate(state.rollbacks());
      RoundOutcome outcome = runner.run(round, rate, state);
      ReplicaState average = outcome.average();
      if (average == null) {
        state = rolledBack(round, outcome, state);
        continue;
      }
      long began = System.nanoTime();
      state = outerStep.next(state, average);
      state = report(round, outcome, state, began);
    }
    return state;
  }

  private GlobalState rolledBack(RoundPlan round, RoundOutcome outcome, GlobalState before) {
    GlobalState state = before.rolledBack();
    if (state.rollbacks() > settings.rollback().most()) {
      throw diverged(round, outcome, before.rollbacks());
    }
    listener.rolledBack(round, causes(outcome), settings.learningRate(state.rollbacks()));
    return state;
  }

  /** Tells of the round, and evaluates it where that is due. Returns what is then known. */
  private GlobalState report(RoundPlan round, RoundOutcome outcome, GlobalState state, long began) {
    boolean endsEpoch = plan.endsEpoch(round);
    boolean due =
        (round.epoch() + 1) % settings.evaluateEvery() == 0
            || round.epoch() + 1 == settings.epochs();
    boolean evaluates = validation != null && endsEpoch && due;
    double driver = (System.nanoTime() - began) / 1e9;
    RoundOutcome timed =
        new RoundOutcome(
            outcome.average(),
            outcome.reports(),
            outcome.statistics(),
            outcome.seconds().withDriver(driver));
    RoundReport report =
        new RoundReport(
            round,
            rounds(),
            settings.epochs(),
            endsEpoch,
            evaluates,
            settings.learningRate(state.rollbacks()),
            settings.averagingFrequency(),
            timed,
            state);
    listener.roundFinished(report);
    return validation != null && evaluates ? evaluated(report, validation) : state;
  }

  private GlobalState evaluated(RoundReport report, Evaluator evaluator) {
    Evaluation evaluation = evaluator.evaluate(report.state().replica());
    EarlyStopping stopping = settings.earlyStopping();
    GlobalState state = report.state().evaluated(stopping.best(report.state(), evaluation));
    boolean ends = report.isLast() || stopping.ends(state.best());
    listener.evaluated(report.evaluated(state, ends), evaluation);
    return state;
  }

  private static String causes(RoundOutcome outcome) {
    return outcome.reports().stream()
        .filter(report -> !report.excluded().isEmpty())
        .map(report -> "worker " + report.worker() + ": " + report.excluded())
        .collect(Collectors.joining("; "));
  }

  private DivergenceException diverged(RoundPlan round, RoundOutcome outcome, int rollbacks) {
    String tried =
        rollbacks == 0
            ? ""
            : ", after "
                + rollbacks
                + (rollbacks == 1 ? " attempt" : " attempts")
                + " at a lower one, the last at "
                + settings.learningRate(rollbacks);
    return new DivergenceException(
        "Training diverged in round "
            + (round.round() + 1)
            + " (epoch "
            + (round.epoch() + 1)
            + "): no worker has finite parameters and loss any more ("
            + causes(outcome)
            + "). The usual cause is a learning rate that is too high: training.learningRate is "
            + settings.learningRate()
            + tried
            + ", try "
            + (rollbacks == 0 ? "a tenth of it" : "one far below")
            + ". Else look for images that are all one colour with image.scaling = standardise, and at"
            + " the parameter tables of the rounds before.");
  }
}
