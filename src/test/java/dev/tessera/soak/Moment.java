package dev.tessera.soak;

import java.util.regex.Pattern;

/** When something is killed: the phases of a round, of a checkpoint, and of a run. */
enum Moment {
  // Heard from Spark's scheduler.
  READING("images are read"),
  ROUND_BEGINS("the round's job begins"),
  TASK_STARTS("a worker's task starts"),
  FIT("a worker fits"),
  REPLICA_BACK("one replica is back"),
  ROUND_ENDS("all replicas are back"),
  EVALUATION("evaluation"),

  // Seen in the stacks of the driver's threads.
  BROADCAST(
      "the state is broadcast",
      "dev.tessera.spark.SparkRoundRunner.run",
      "TorrentBroadcast.<init>"),
  AVERAGE("replicas are averaged", "dev.tessera.round.ReplicaAverage.of", ""),
  DESTROY(
      "the broadcast is released", "dev.tessera.spark.SparkRoundRunner.run", "Broadcast.destroy"),
  RECORDS("records are made", "dev.tessera.round.RunRecorder.roundFinished", ""),

  // Seen by the file system of the run folder.
  LOCK("the lock is made", Operation.CREATED, "/run\\.lock"),
  JOB("the job is written", Operation.CLOSED, "/job\\.conf\\.tmp"),
  LOG_REPLACED("the log is replaced, the old one gone", Operation.DELETED, "/train\\.log"),
  ROUNDS_REPLACED(
      "rounds.jsonl is replaced, the old one gone", Operation.DELETED, "/rounds\\.jsonl"),
  PARAMETERS_REPLACED(
      "parameters.jsonl is replaced, the old one gone", Operation.DELETED, "/parameters\\.jsonl"),
  TENSORS_BEGUN(
      "checkpoint: tensors begun", Operation.CREATED, "/round-\\d+/state\\.safetensors\\.tmp"),
  TENSORS_HALF(
      "checkpoint: tensors half written",
      Operation.WRITTEN,
      "/round-\\d+/state\\.safetensors\\.tmp"),
  TENSORS_WRITTEN(
      "checkpoint: tensors written", Operation.CLOSED, "/round-\\d+/state\\.safetensors\\.tmp"),
  TENSORS_READ(
      "checkpoint: tensors read back", Operation.OPENED, "/round-\\d+/state\\.safetensors\\.tmp"),
  TENSORS_RENAMED(
      "checkpoint: tensors renamed", Operation.RENAMED, "/round-\\d+/state\\.safetensors"),
  STATE_BEGUN("checkpoint: state begun", Operation.CREATED, "/round-\\d+/state\\.json\\.tmp"),
  STATE_WRITTEN("checkpoint: state written", Operation.CLOSED, "/round-\\d+/state\\.json\\.tmp"),
  STATE_RENAMED("checkpoint: state renamed", Operation.RENAMED, "/round-\\d+/state\\.json"),
  OLD_STATE_REMOVED("checkpoint: old state removed", Operation.DELETED, "/round-\\d+/state\\.json"),
  OLD_TENSORS_REMOVED(
      "checkpoint: old tensors removed", Operation.DELETED, "/round-\\d+/state\\.safetensors"),
  OLD_REMOVED("checkpoint: old one removed", Operation.DELETED, "/round-\\d+"),
  BEST_WRITTEN("best checkpoint written", Operation.RENAMED, "/best-\\d+/state\\.json"),
  BEST_REMOVED("old best checkpoint removed", Operation.DELETED, "/best-\\d+/state\\.json"),
  MODEL_BEGUN("model begun", Operation.CREATED, "/model\\.zip\\.tmp"),
  MODEL_RENAMED("model renamed", Operation.RENAMED, "/model\\.zip"),
  EVALUATION_WRITTEN("evaluation written", Operation.RENAMED, "/evaluation\\.json"),
  MANIFEST_REPLACED(
      "manifest is replaced, the old one gone", Operation.DELETED, "/manifest\\.json");

  /** What the file system was asked for, and has done. */
  enum Operation {
    CREATED,
    WRITTEN,
    CLOSED,
    OPENED,
    RENAMED,
    DELETED,
    NONE
  }

  final String title;
  final Operation operation;
  private final Pattern path;

  /** Parts of names of methods, which a stack must both have; empty where stacks say nothing. */
  final String frame;

  final String innerFrame;

  Moment(String title) {
    this(title, Operation.NONE, "", "", "");
  }

  Moment(String title, String frame, String innerFrame) {
    this(title, Operation.NONE, "", frame, innerFrame);
  }

  Moment(String title, Operation operation, String path) {
    this(title, operation, path, "", "");
  }

  Moment(String title, Operation operation, String path, String frame, String innerFrame) {
    this.title = title;
    this.operation = operation;
    this.path = Pattern.compile(".*" + path);
    this.frame = frame;
    this.innerFrame = innerFrame;
  }

  boolean isOfFiles() {
    return operation != Operation.NONE;
  }

  boolean isOfStacks() {
    return !frame.isEmpty();
  }

  /** Whether it comes in the middle of training, again and again. */
  boolean isRecurring() {
    return switch (this) {
      case LOCK, JOB, READING, MODEL_BEGUN, MODEL_RENAMED, EVALUATION_WRITTEN, MANIFEST_REPLACED ->
          false;
      default -> true;
    };
  }

  /** Whether it comes when a validation is the best so far: mostly early in training. */
  boolean isOfBest() {
    return this == BEST_WRITTEN || this == BEST_REMOVED;
  }

  boolean is(Operation done, String on) {
    return operation == done && path.matcher(on).matches();
  }

  boolean isIn(StackTraceElement[] stack) {
    return has(stack, frame) && has(stack, innerFrame);
  }

  private static boolean has(StackTraceElement[] stack, String method) {
    for (StackTraceElement element : stack) {
      if ((element.getClassName() + "." + element.getMethodName()).contains(method)) {
        return true;
      }
    }
    return method.isEmpty();
  }
}
