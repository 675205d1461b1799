package dev.tessera.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.engine.ReplicaState;
import dev.tessera.round.GlobalState.OuterState;
import dev.tessera.run.Checkpoint;
import dev.tessera.run.CheckpointPolicy;
import dev.tessera.run.Checkpoints;
import dev.tessera.run.JsonNumbers;
import dev.tessera.stats.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints of what it hears: every few rounds, every few minutes, after the last round,
 * and of the state that did best on the validation set so far.
 */
public final class CheckpointWriter implements TrainingListener {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PARAMETERS = "parameters";
  private static final String UPDATER_STATE = "updaterState";
  private static final String OUTER_STATE = "outerState";
  private static final String BEST_PARAMETERS = "bestParameters";
  private static final String BEST_UPDATER_STATE = "bestUpdaterState";
  private static final String EARLY_STOPPING = "earlyStopping";

  private final Checkpoints checkpoints;
  private final CheckpointPolicy policy;
  private final ObjectNode identity;
  private final Runnable beforeWriting;

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
   */
  public CheckpointWriter(
      Checkpoints checkpoints,
      CheckpointPolicy policy,
      ObjectNode identity,
      Runnable beforeWriting,
      int done) {
    this.written = done;
    this.checkpoints = checkpoints;
    this.policy = policy;
    this.identity = identity;
    this.beforeWriting = beforeWriting;
  }

  @Override
  public void roundFinished(RoundReport report) {
    int done = report.state().round();
    boolean due =
        done % policy.everyRounds() == 0
            || report.isLast()
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
  public void evaluated(RoundReport report, Evaluation evaluation) {
    last = report;
    if (report.state().best().round() == report.state().round()) {
      beforeWriting.run();
      checkpoints.writeBest(checkpoint(report));
    }
    isDue = isDue || report.isLast();
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
    json.put("epoch", report.plan().epoch() + 1).put("rollbacks", state.rollbacks());
    json.set(EARLY_STOPPING, json(state.best()));
    json.setAll(identity);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    tensors.put(PARAMETERS, state.replica().parameters());
    tensors.put(UPDATER_STATE, state.replica().updaterState());
    tensors.put(OUTER_STATE, state.outerState().values());
    ReplicaState best = state.best().replica();
    // The best state itself is not written twice.
    if (best != null && state.best().round() != state.round()) {
      tensors.put(BEST_PARAMETERS, best.parameters());
      tensors.put(BEST_UPDATER_STATE, best.updaterState());
    }
    return new Checkpoint(state.round(), json, tensors);
  }

  private static ObjectNode json(Best best) {
    ObjectNode json = JSON.createObjectNode().put("bestRound", best.round());
    json.set("bestValue", JsonNumbers.of(best.value()));
    return json.put("evaluationsSince", best.evaluationsSince())
        .put("restoreBest", best.replica() != null);
  }

  /**
   * The state in a checkpoint.
   *
   * @throws IllegalArgumentException if it has not all of it
   */
  public static GlobalState state(Checkpoint checkpoint) {
    ReplicaState replica = replica(checkpoint, PARAMETERS, UPDATER_STATE);
    return new GlobalState(
        checkpoint.round(),
        replica,
        new OuterState(tensor(checkpoint, OUTER_STATE)),
        checkpoint.state().path("rollbacks").asInt(),
        best(checkpoint, replica));
  }

  private static Best best(Checkpoint checkpoint, ReplicaState own) {
    JsonNode json = checkpoint.state().path(EARLY_STOPPING);
    int round = json.path("bestRound").asInt();
    ReplicaState best = null;
    if (json.path("restoreBest").asBoolean()) {
      best =
          round == checkpoint.round()
              ? own
              : replica(checkpoint, BEST_PARAMETERS, BEST_UPDATER_STATE);
    }
    return new Best(
        round,
        json.path("bestValue").asDouble(Double.NaN),
        json.path("evaluationsSince").asInt(),
        best);
  }

  private static ReplicaState replica(
      Checkpoint checkpoint, String parameters, String updaterState) {
    return new ReplicaState(tensor(checkpoint, parameters), tensor(checkpoint, updaterState));
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
