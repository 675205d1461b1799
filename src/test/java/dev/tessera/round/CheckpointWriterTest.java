package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.run.Checkpoint;
import dev.tessera.run.CheckpointPolicy;
import dev.tessera.run.Checkpoints;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import dev.tessera.stats.Evaluation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  private static final Workload WORKLOAD = Toy.workload(Toy.ADAM, 1);

  private static final Evaluation EVALUATION =
      new Evaluation(
          10, 0.5, 1, 0.1, OptionalDouble.empty(), List.of(), List.of(), List.of(), List.of());

  @TempDir private Path folder;
  private int published;

  private Checkpoints checkpoints() {
    return new Checkpoints(RunFolder.at(new LocalStorage(), folder.toString()), 9);
  }

  private CheckpointWriter writer(int everyRounds) {
    return new CheckpointWriter(
        checkpoints(),
        new CheckpointPolicy(everyRounds, Duration.ofDays(1), 9),
        new ObjectMapper().createObjectNode(),
        () -> published++,
        0);
  }

  /** After the first {@code done} rounds of 100. */
  private static RoundReport report(int done, boolean evaluationFollows) {
    return report(done, evaluationFollows, Best.NONE);
  }

  private static RoundReport report(int done, boolean evaluationFollows, Best best) {
    GlobalState start = Toy.start(WORKLOAD);
    return new RoundReport(
        new RoundPlan(done - 1, 0, 0, 0, done - 1, done),
        100,
        1,
        evaluationFollows,
        evaluationFollows,
        0.1,
        1,
        new RoundOutcome(null, List.of(), List.of(), new RoundOutcome.PhaseSeconds(0, 0, 0, 0)),
        new GlobalState(done, start.replica(), start.outerState(), 2, best));
  }

  private int last() {
    return checkpoints().latest(warning -> {}).map(Checkpoint::round).orElse(0);
  }

  @Test
  void writesEveryFewRoundsAndWhenAsked() {
    CheckpointWriter writer = writer(3);
    writer.roundFinished(report(2, false));
    assertThat(last()).isZero();
    writer.roundFinished(report(3, false));
    assertThat(last()).isEqualTo(3);
    writer.roundFinished(report(4, false));
    writer.write();
    assertThat(last()).isEqualTo(4);
    assertThat(published).isEqualTo(2);
    writer.write();
    assertThat(published).as("the same again").isEqualTo(2);
  }

  @Test
  void aRoundWhoseEvaluationIsToComeIsNotDone() {
    CheckpointWriter writer = writer(3);
    writer.roundFinished(report(2, false));
    writer.roundFinished(report(3, true));
    assertThat(last()).isZero();
    writer.write();
    assertThat(last()).as("stopped in the evaluation").isEqualTo(2);
    assertThat(writer.lastRound()).isEqualTo(2);
    writer.evaluated(report(3, true, new Best(3, 0.5, 0, null)), EVALUATION);
    assertThat(last()).isEqualTo(3);
  }

  @Test
  void whatIsWrittenGivesTheStateBack() {
    CheckpointWriter writer = writer(1);
    writer.roundFinished(report(1, true));
    writer.evaluated(report(1, true, new Best(1, 0.75, 0, null)), EVALUATION);
    Checkpoint checkpoint = checkpoints().latest(warning -> {}).orElseThrow();
    GlobalState state = CheckpointWriter.state(checkpoint);
    assertThat(state.round()).isEqualTo(1);
    assertThat(state.rollbacks()).isEqualTo(2);
    assertThat(state.replica().parameters()).isEqualTo(Toy.start(WORKLOAD).replica().parameters());
    assertThat(state.best()).isEqualTo(new Best(1, 0.75, 0, null));
    assertThat(folder.resolve("checkpoints/best-00000001/state.json")).exists();
  }

  @Test
  void theStateToBeRestoredIsInEveryCheckpointAndOnlyOnce() {
    CheckpointWriter writer = writer(1);
    ReplicaState best = WORKLOAD.initialState(99);
    RoundReport own = report(1, true);
    writer.roundFinished(own);
    writer.evaluated(
        own.evaluated(own.state().evaluated(new Best(1, 0.75, 0, own.state().replica())), false),
        EVALUATION);
    Checkpoint checkpoint = checkpoints().latest(warning -> {}).orElseThrow();
    assertThat(checkpoint.tensors()).doesNotContainKey("bestParameters");
    GlobalState state = CheckpointWriter.state(checkpoint);
    assertThat(state.best().replica()).isSameAs(state.replica());

    writer.roundFinished(report(2, false, new Best(1, 0.75, 3, best)));
    GlobalState later = CheckpointWriter.state(checkpoints().latest(warning -> {}).orElseThrow());
    assertThat(later.best().round()).isEqualTo(1);
    assertThat(later.best().value()).isEqualTo(0.75);
    assertThat(later.best().evaluationsSince()).isEqualTo(3);
    Toy.assertEqualBits(later.model(), best);
    assertThat(later.modelRound()).isEqualTo(1);

    writer.roundFinished(report(3, false));
    assertThat(CheckpointWriter.state(checkpoints().latest(warning -> {}).orElseThrow()).best())
        .isEqualTo(Best.NONE);
  }

  @Test
  void whereARunStopsEarlyIsWhereItsLastCheckpointIs() {
    CheckpointWriter writer = writer(100);
    RoundReport report = report(7, true, new Best(3, 0.5, 2, null));
    writer.roundFinished(report);
    assertThat(last()).isZero();
    writer.evaluated(report.evaluated(report.state(), true), EVALUATION);
    assertThat(last()).isEqualTo(7);
    assertThat(folder.resolve("checkpoints/best-00000007")).doesNotExist();
  }
}
