package dev.tessera.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.engine.ReplicaState;
import dev.tessera.round.GlobalState.OuterState;
import dev.tessera.run.Checkpoint;
import dev.tessera.run.CheckpointPolicy;
import dev.tessera.run.Checkpoints;
import dev.tessera.stats.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints of what it hears: every few rounds, every few minutes, after the last round,
 * and of the state that did best on the validation set.
 */
public final class CheckpointWriter implements TrainingListener {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PARAMETERS = "parameters";
  private static final String UPDATER_STATE = "updaterState";
  private static final String OUTER_STATE = "outerState";

  private final Checkpoints checkpoints;
  private final CheckpointPolicy policy;
  private final ObjectNode identity;
  private final Runnable beforeWriting;
  private double bestAccuracy;
  private @Nullable RoundReport heard;

  /** The last that a run can go on from. */
  private @Nullable RoundReport last;

  private boolean isDue;
  private int written;
  private long writtenAt = System.nanoTime();

  /**
   * A writer that goes on from a state.
   *
   * @param identity of the run, which every checkpoint holds
   * @param beforeWriting puts the records of the rounds before into the run folder, so that none is
   *     missing where a run goes on
   * @param done rounds of the checkpoint that the run goes on from, or 0
   * @param bestAccuracy on the validation set so far, in [0, 1]; below 0 if there is none
   */
  public CheckpointWriter(
      Checkpoints checkpoints,
      CheckpointPolicy policy,
      ObjectNode identity,
      Runnable beforeWriting,
      int done,
      double bestAccuracy) {
    this.written = done;
    this.checkpoints = checkpoints;
    this.policy = policy;
    this.identity = identity;
    this.beforeWriting = beforeWriting;
    this.bestAccuracy = bestAccuracy;
  }

  @Override
  public void roundFinished(RoundReport report) {
    heard = report;
    int done = report.state().round();
    boolean due =
        done % policy.everyRounds() == 0
            || done == report.rounds()
            || System.nanoTime() - writtenAt >= policy.every().toNanos();
    isDue = due;
    // What is evaluated counts as done with its evaluation: else that would be missing where the
    // run goes on.
    if (!report.evaluationFollows()) {
      last = report;
      writeIfDue();
    }
  }

  @Override
  public void evaluated(int epoch, int round, Evaluation evaluation) {
    RoundReport report = Objects.requireNonNull(heard);
    last = report;
    if (evaluation.accuracy() > bestAccuracy) {
      bestAccuracy = evaluation.accuracy();
      beforeWriting.run();
      checkpoints.writeBest(checkpoint(report));
    }
    writeIfDue();
  }

  private void writeIfDue() {
    if (isDue) {
      isDue = false;
      write();
    }
  }

  /** Writes the state after the last round that it heard of, unless that was done. */
  public void write() {
    RoundReport report = last;
    if (report == null || report.state().round() == written) {
      return;
    }
    beforeWriting.run();
    checkpoints.write(checkpoint(report));
    written = report.state().round();
    writtenAt = System.nanoTime();
  }

  /** Rounds that a run can go on from, as far as it has heard. */
  public int lastRound() {
    RoundReport report = last;
    return report == null ? written : report.state().round();
  }

  private Checkpoint checkpoint(RoundReport report) {
    GlobalState state = report.state();
    ObjectNode json = JSON.createObjectNode();
    json.put("epoch", report.plan().epoch() + 1)
        .put("rollbacks", state.rollbacks())
        .put("bestAccuracy", bestAccuracy);
    json.setAll(identity);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    tensors.put(PARAMETERS, state.replica().parameters());
    tensors.put(UPDATER_STATE, state.replica().updaterState());
    tensors.put(OUTER_STATE, state.outerState().values());
    return new Checkpoint(state.round(), json, tensors);
  }

  /**
   * The state in a checkpoint.
   *
   * @throws IllegalArgumentException if it has not all of it
   */
  public static GlobalState state(Checkpoint checkpoint) {
    return new GlobalState(
        checkpoint.round(),
        new ReplicaState(tensor(checkpoint, PARAMETERS), tensor(checkpoint, UPDATER_STATE)),
        new OuterState(tensor(checkpoint, OUTER_STATE)),
        checkpoint.state().path("rollbacks").asInt());
  }

  /** Accuracy of the best checkpoint when this one was written; below 0 if there was none. */
  public static double bestAccuracy(Checkpoint checkpoint) {
    return checkpoint.state().path("bestAccuracy").asDouble(-1);
  }

  private static float[] tensor(Checkpoint checkpoint, String name) {
    float[] values = checkpoint.tensors().get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "Checkpoint of round " + checkpoint.round() + " has no tensor " + name);
    }
    return values;
  }
}
