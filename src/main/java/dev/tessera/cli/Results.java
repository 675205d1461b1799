package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.TrainedModel;
import dev.tessera.stats.Evaluation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The line of JSON that {@code --output json} asks for. docs/schedulers.md has its fields. */
final class Results {
  private static final int SCHEMA = 1;

  private Results() {}

  static JsonLine of(TrainedModel model) {
    JsonLine line = done();
    putFigures(line, model.heldOut().orElse(null));
    return line.put("rounds", model.rounds())
        .put("modelRound", model.modelRound())
        .put("stoppedEarly", model.stoppedEarly())
        .put("seconds", model.seconds())
        .put("finishedBefore", model.origin() == TrainedModel.Origin.EARLIER_RUN)
        .put("runDir", model.runDir())
        .put("model", model.modelFile());
  }

  /**
   * Of an evaluation.
   *
   * @param runDir where {@code evaluation.json} is, or null for nowhere
   */
  static JsonLine of(EvaluatedModel evaluated, String modelFile, @Nullable String runDir) {
    JsonLine line = done();
    putFigures(line, evaluated);
    return line.put("runDir", runDir).put("model", modelFile);
  }

  static JsonLine of(Failure failure) {
    String status = failure.kind().name().toLowerCase(Locale.ROOT);
    return failure.putExitCode(begun(status)).put("message", failure.message());
  }

  private static JsonLine done() {
    return begun("done").put("exitCode", ExitCode.DONE.number());
  }

  private static JsonLine begun(String status) {
    return new JsonLine().put("schema", SCHEMA).put("status", status);
  }

  /** The same fields where there is no held-out set: null, of no examples. */
  private static void putFigures(JsonLine line, @Nullable EvaluatedModel evaluated) {
    Evaluation figures = evaluated == null ? null : evaluated.figures();
    line.put("set", evaluated == null ? null : evaluated.set())
        .put("examples", figures == null ? 0 : figures.examples())
        .put("accuracy", figures == null ? Double.NaN : figures.accuracy())
        .put("top5", figures == null ? Double.NaN : figures.top5())
        .put("loss", figures == null ? Double.NaN : figures.loss());
    if (figures != null && figures.rocAuc().isPresent()) {
      line.put("rocAuc", figures.rocAuc().getAsDouble());
    }
  }
}
