package dev.tessera;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import dev.tessera.job.JobDifference;
import dev.tessera.job.JobParser;
import dev.tessera.run.Checkpoint;
import dev.tessera.run.Checkpoints;
import dev.tessera.run.EvaluationJson;
import dev.tessera.run.Resume;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import dev.tessera.stats.Evaluation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What lies in the folder of a run that begins: nothing, a run to go on with, or one that is over.
 */
final class ResumedRun {
  private static final String IDENTITY = "identity";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunFolder folder;
  private final Job job;

  private ResumedRun(RunFolder folder, Job job) {
    this.folder = folder;
    this.job = job;
  }

  /**
   * Looks at the folder, whose lock the caller holds. Null if no run has begun there.
   *
   * @throws JobException if one has that this job can't go on with
   */
  static @Nullable ResumedRun of(RunFolder folder, Job job, Resume resume) {
    if (resume == Resume.NEVER || !folder.has(RunFolder.JOB)) {
      if (resume == Resume.REQUIRE) {
        throw new JobException(
            "--resume require: run.dir = "
                + folder.path()
                + " holds no run. Check the folder, or leave --resume out to begin one.");
      }
      // Says what lies there, if something does.
      folder.requireFree();
      return null;
    }
    ResumedRun run = new ResumedRun(folder, job);
    run.requireSameJob();
    return run;
  }

  private void requireSameJob() {
    List<String> differences =
        JobDifference.between(completed(text(RunFolder.JOB)), job.resolved());
    if (!differences.isEmpty()) {
      throw new JobException(
          "run.dir = "
              + folder.path()
              + " holds a run of another job: "
              + String.join("; ", differences)
              + ". Start it as it was begun to go on with it, or give this one a folder of its own with"
              + " --run-dir DIR.");
    }
  }

  /**
   * The earlier run's job with what a version before this one did not know: the defaults, by which
   * that one worked.
   */
  private static String completed(String resolved) {
    try {
      return JobParser.parse(resolved, List.of()).resolved();
    } catch (JobException e) {
      return resolved;
    }
  }

  /** Whether the run is over, its model and figures written. */
  boolean isFinished() {
    return folder.has(RunFolder.MODEL) && manifest().has(Manifest.FINISHED);
  }

  /** What it left. */
  TrainedModel finished() {
    JsonNode manifest = manifest();
    JsonNode finished = manifest.path(Manifest.FINISHED);
    List<String> classNames =
        JSON.convertValue(
            manifest.path("dataset").path("classNames"),
            JSON.getTypeFactory().constructCollectionType(List.class, String.class));
    Optional<EvaluatedModel> evaluated = evaluated();
    return new TrainedModel(
        folder.path(),
        folder.file(RunFolder.MODEL),
        classNames,
        finished.path("rounds").asInt(),
        finished.path("modelRound").asInt(),
        finished.path("stoppedEarly").asBoolean(),
        finished.path("seconds").asDouble(),
        figures(evaluated, EvaluatedModel.VALIDATION),
        figures(evaluated, EvaluatedModel.TEST),
        TrainedModel.Origin.EARLIER_RUN);
  }

  private static Optional<Evaluation> figures(Optional<EvaluatedModel> evaluated, String set) {
    return evaluated.filter(model -> model.set().equals(set)).map(EvaluatedModel::figures);
  }

  /** From {@code evaluation.json}, which a run without a held-out set does not have. */
  private Optional<EvaluatedModel> evaluated() {
    if (!folder.has(RunFolder.EVALUATION)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(text(RunFolder.EVALUATION));
      return Optional.of(
          new EvaluatedModel(EvaluationJson.set(json), EvaluationJson.evaluation(json)));
    } catch (IOException e) {
      throw folder.unreadable(RunFolder.EVALUATION, e);
    }
  }

  private JsonNode manifest() {
    if (!folder.has(RunFolder.MANIFEST)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(text(RunFolder.MANIFEST));
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  /**
   * Where the run goes on. Writes nothing: a run that is refused stays as it is.
   *
   * @throws JobException if the checkpoint is of other images or another version, or there is none
   *     and the user requires one
   */
  Continuation continuation(Checkpoints checkpoints, ObjectNode identity, Resume resume) {
    List<String> warnings = new ArrayList<>();
    Optional<Checkpoint> latest = checkpoints.latest(warnings::add);
    if (latest.isEmpty() && resume == Resume.REQUIRE) {
      throw new JobException(
          "--resume require: run.dir = "
              + folder.path()
              + " holds a run without a whole checkpoint. Leave --resume out to begin it anew.");
    }
    latest.ifPresent(checkpoint -> requireSame(checkpoint, identity, warnings::add));
    return new Continuation(
        latest,
        warnings,
        latest
            .map(one -> "Going on from the checkpoint after round " + one.round())
            .orElse("The run in this folder left no checkpoint: it begins anew"));
  }

  /**
   * The same of a run of DL4J's own trainer, which writes no checkpoints.
   *
   * @throws JobException if the user requires one
   */
  static Continuation withoutCheckpoints(Resume resume) {
    if (resume == Resume.REQUIRE) {
      throw new JobException(
          "--resume require: training.trainer = dl4j writes no checkpoints. Leave --resume out to begin"
              + " the run anew.");
    }
    return new Continuation(
        Optional.empty(),
        List.of(),
        "A run of training.trainer = dl4j leaves no checkpoint: it begins anew");
  }

  /**
   * Where a run begins.
   *
   * @param checkpoint to go on from
   * @param warnings to give once the log is open
   * @param line that says it; empty of a run that has not begun before
   */
  record Continuation(Optional<Checkpoint> checkpoint, List<String> warnings, String line) {
    /** Of a run that has not begun before. */
    static final Continuation NONE = new Continuation(Optional.empty(), List.of(), "");

    Continuation {
      warnings = List.copyOf(warnings);
    }

    void tell(RunLog log) {
      warnings.forEach(log::warn);
      if (!line.isEmpty()) {
        log.info(line);
      }
    }
  }

  private void requireSame(Checkpoint checkpoint, ObjectNode identity, Consumer<String> warnings) {
    JsonNode was = checkpoint.state().path(IDENTITY);
    for (String key : List.of("trainHash", "validationHash", "network")) {
      String before = was.path(key).asText();
      String now = identity.path(IDENTITY).path(key).asText();
      if (!before.equals(now)) {
        throw new JobException(
            "run.dir = "
                + folder.path()
                + ": its checkpoint is of other data: "
                + key
                + " is "
                + now
                + ", was "
                + before
                + ". Bring the images back as they were, or give this run a folder of its own with"
                + " --run-dir DIR.");
      }
    }
    for (String key : List.of("instructionSet", "engine", "threads", "tessera")) {
      String before = was.path(key).asText();
      String now = identity.path(IDENTITY).path(key).asText();
      // Checkpoints of earlier versions do not say all of it.
      if (was.has(key) && !before.equals(now)) {
        warnings.accept(
            "The checkpoint was written with "
                + key
                + " "
                + before
                + ", the run goes on with "
                + now
                + ": its bits may not be those of a run that was never interrupted.");
      }
    }
  }

  /** What checkpoints hold of the run beside its state. */
  static ObjectNode identity(Job job, ImageDataset images, EngineChoice choice, int threads) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode identity = json.putObject(IDENTITY);
    identity
        .put("tessera", Version.CURRENT)
        .put("job", job.resolved())
        .put("trainHash", images.train().contentHash())
        .put("validationHash", images.validation() == null ? "" : images.validation().contentHash())
        .put("network", job.model().name())
        .put("engine", choice.engine().name())
        .put("instructionSet", choice.jvms().instructionSets())
        .put("threads", threads);
    return json;
  }

  private String text(String name) {
    try (InputStream in = folder.open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw folder.unreadable(name, e);
    }
  }
}
