package dev.tessera.round;

import static dev.tessera.round.Toy.assertEqualBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.round.EarlyStopping.Metric;
import dev.tessera.stats.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Training of two rounds an epoch whose evaluations are given. */
class EarlyStoppingTest {
  private static final int EPOCHS = 9;
  private static final int ROUNDS_PER_EPOCH = 2;

  private final Workload workload = Toy.workload(Toy.ADAM, 4);
  private final List<Shard> shards = Toy.shards(16, 13);
  private final FitTask task = Toy.task(SoftmaxRegressionEngine.plain(), workload, 2, shards);

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  private static Evaluation evaluation(double accuracy, double loss) {
    return new Evaluation(
        10, accuracy, 1, loss, OptionalDouble.empty(), List.of(), List.of(), List.of(), List.of());
  }

  private Trainer trainer(EarlyStopping stopping, Heard heard, double... byEpoch) {
    return new Trainer(
        Toy.settings(task, EPOCHS, stopping),
        task.plan(),
        new LocalRoundRunner(task, shards),
        OuterStep.AVERAGE,
        state -> {
          double value = byEpoch[heard.rounds().get(heard.rounds().size() - 1).plan().epoch()];
          return evaluation(value, value);
        },
        heard);
  }

  private GlobalState train(EarlyStopping stopping, Heard heard, double... byEpoch) {
    return trainer(stopping, heard, byEpoch).train(Toy.start(workload));
  }

  private static ReplicaState after(int epoch, Heard heard) {
    return heard.rounds().get(epoch * ROUNDS_PER_EPOCH - 1).state().replica();
  }

  @Test
  void endsAfterSoManyEvaluationsWithoutABetterOneWithTheBestState() {
    Heard heard = new Heard();
    GlobalState end =
        train(
            new EarlyStopping(3, Metric.ACCURACY, 0, true),
            heard,
            0.5,
            0.7,
            0.6,
            0.7,
            0.8,
            0.8,
            0.1,
            0.79);
    assertThat(end.round()).isEqualTo(16);
    assertThat(end.best().round()).isEqualTo(10);
    assertThat(end.best().value()).isEqualTo(0.8);
    assertThat(end.best().evaluationsSince()).isEqualTo(3);
    assertThat(end.modelRound()).isEqualTo(10);
    assertEqualBits(end.model(), after(5, heard));
    assertEqualBits(end.replica(), after(8, heard));
    assertThat(heard.evaluated().stream().map(report -> report.state().best().round()))
        .containsExactly(2, 4, 4, 4, 10, 10, 10, 10);
    assertThat(heard.evaluated().stream().map(RoundReport::rounds))
        .as("known to be the last only with its evaluation")
        .containsExactly(18, 18, 18, 18, 18, 18, 18, 16);
    assertThat(heard.rounds()).allMatch(report -> report.rounds() == 18);
  }

  @Test
  void aLossHasToFall() {
    Heard heard = new Heard();
    GlobalState end = train(new EarlyStopping(2, Metric.LOSS, 0, true), heard, 0.9, 0.5, 0.7, 0.6);
    assertThat(end.round()).isEqualTo(8);
    assertEqualBits(end.model(), after(2, heard));
  }

  /** As in Keras: small steps count once they have come to more than minDelta together. */
  @Test
  void whatIsNotBetterByMoreThanMinDeltaLeavesTheBestAsItIs() {
    GlobalState end =
        train(
            new EarlyStopping(3, Metric.ACCURACY, 0.125, true),
            new Heard(),
            0.5,
            0.625,
            0.6,
            0.75,
            0.8,
            0.875,
            0.7);
    assertThat(end.round()).isEqualTo(14);
    assertThat(end.best().round()).isEqualTo(8);
    assertThat(end.best().value()).isEqualTo(0.75);
  }

  @Test
  void theBestStateIsRestoredAfterTheLastEpochTooAndTheLastOneKeptWhereThatIsAskedFor() {
    double[] rising = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9, 0.8};
    Heard heard = new Heard();
    GlobalState best = train(new EarlyStopping(2, Metric.ACCURACY, 0, true), heard, rising);
    assertThat(best.round()).isEqualTo(18);
    assertEqualBits(best.model(), after(8, heard));
    GlobalState last = train(new EarlyStopping(2, Metric.ACCURACY, 0, false), heard, rising);
    assertThat(last.modelRound()).isEqualTo(18);
    assertEqualBits(last.model(), after(9, heard));
    assertThat(last.best().round()).isEqualTo(16);
  }

  @Test
  void withoutItTheRunGoesOnAndTheBestIsByAccuracy() {
    GlobalState end =
        train(EarlyStopping.OFF, new Heard(), 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1);
    assertThat(end.round()).isEqualTo(18);
    assertThat(end.modelRound()).isEqualTo(18);
    assertThat(end.best()).isEqualTo(new Best(2, 0.9, 8, null));
  }

  @Test
  void whatIsNoNumberIsNeverBetter() {
    double nan = Double.NaN;
    GlobalState end =
        train(
            new EarlyStopping(2, Metric.LOSS, 0, true), new Heard(), nan, 0.5, nan, 0.4, nan, nan);
    assertThat(end.round()).isEqualTo(12);
    assertThat(end.best().round()).isEqualTo(8);
    GlobalState none = train(new EarlyStopping(2, Metric.LOSS, 0, true), new Heard(), nan, nan);
    assertThat(none.round()).isEqualTo(4);
    assertThat(none.modelRound()).as("the last, where there is no best").isEqualTo(4);
  }

  @Test
  void goingOnFromAnyRoundStopsWhereARunWithoutAPauseDoes() {
    EarlyStopping stopping = new EarlyStopping(3, Metric.ACCURACY, 0, true);
    double[] values = {0.5, 0.7, 0.6, 0.7, 0.8, 0.8, 0.1, 0.79, 1};
    Heard heard = new Heard();
    GlobalState end = train(stopping, heard, values);
    List<GlobalState> states = new ArrayList<>();
    heard.rounds().stream()
        .filter(report -> !report.evaluationFollows())
        .forEach(report -> states.add(report.state()));
    heard.evaluated().forEach(report -> states.add(report.state()));
    assertThat(states).hasSize(16);
    for (GlobalState state : states) {
      Heard rest = new Heard();
      GlobalState resumed = trainer(stopping, rest, values).train(state);
      assertThat(resumed.round()).isEqualTo(16);
      assertThat(rest.rounds()).hasSize(16 - state.round());
      assertThat(resumed.best().round()).isEqualTo(10);
      assertThat(resumed.best().evaluationsSince()).isEqualTo(3);
      assertEqualBits(resumed.model(), end.model());
      assertEqualBits(resumed.replica(), end.replica());
    }
  }

  @Test
  void saysWhyItEnds() {
    Best best = new Best(7, 0.86666, 5, null);
    assertThat(new EarlyStopping(5, Metric.ACCURACY, 0, true).reason(best, 7))
        .isEqualTo("validation accuracy has not risen above 0.8667 (epoch 7) for 5 evaluations");
    assertThat(new EarlyStopping(5, Metric.LOSS, 1e-4, true).reason(best, 7))
        .isEqualTo(
            "validation loss has not fallen by more than 0.0001 below 0.866660 (epoch 7) for 5"
                + " evaluations");
    assertThat(new EarlyStopping(1, Metric.LOSS, 0, true).reason(Best.NONE.kept(), 0))
        .isEqualTo("validation loss has not been a number in 1 evaluation");
  }
}
