package dev.tessera.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.stats.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Evaluation figures as JSON. */
public final class EvaluationJson {
  private static final int SCHEMA = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private EvaluationJson() {}

  /**
   * The figures of the whole set: examples, accuracy, top-5, loss, and ROC AUC for a sigmoid
   * output.
   */
  public static ObjectNode figures(Evaluation evaluation) {
    ObjectNode json = JSON.createObjectNode();
    json.put("examples", evaluation.examples());
    json.put("accuracy", evaluation.accuracy());
    json.put("top5", evaluation.top5());
    json.set("loss", JsonNumbers.of(evaluation.loss()));
    if (evaluation.rocAuc().isPresent()) {
      json.set("rocAuc", JsonNumbers.of(evaluation.rocAuc().getAsDouble()));
    }
    return json;
  }

  /**
   * Everything {@code evaluation.json} holds.
   *
   * @param set which data set was classified: {@code test} or {@code validation}
   */
  public static ObjectNode complete(Evaluation evaluation, String set) {
    ObjectNode json = JSON.createObjectNode().put("schema", SCHEMA).put("set", set);
    json.setAll(figures(evaluation));
    ArrayNode classes = json.putArray("classes");
    for (Evaluation.ClassFigures figures : evaluation.classes()) {
      classes
          .addObject()
          .put("name", figures.name())
          .put("precision", figures.precision())
          .put("recall", figures.recall())
          .put("f1", figures.f1())
          .put("support", figures.support());
    }
    ArrayNode confusion = json.putArray("confusion");
    evaluation.confusion().forEach(row -> row.forEach(confusion.addArray()::add));
    return json;
  }

  /** Which data set was classified, of what {@link #complete} gave. */
  public static String set(JsonNode complete) {
    return complete.path("set").asText();
  }

  /** The figures of what {@link #complete} gave. Mistakes are not among them. */
  public static Evaluation evaluation(JsonNode complete) {
    JsonNode rocAuc = complete.path("rocAuc");
    List<Evaluation.ClassFigures> classes = new ArrayList<>();
    for (JsonNode one : complete.path("classes")) {
      classes.add(
          new Evaluation.ClassFigures(
              one.path("name").asText(),
              one.path("precision").asDouble(),
              one.path("recall").asDouble(),
              one.path("f1").asDouble(),
              one.path("support").asLong()));
    }
    List<List<Long>> confusion = new ArrayList<>();
    for (JsonNode row : complete.path("confusion")) {
      List<Long> counts = new ArrayList<>();
      row.forEach(count -> counts.add(count.asLong()));
      confusion.add(List.copyOf(counts));
    }
    return new Evaluation(
        complete.path("examples").asLong(),
        complete.path("accuracy").asDouble(),
        complete.path("top5").asDouble(),
        JsonNumbers.value(complete.path("loss")),
        rocAuc.isMissingNode()
            ? OptionalDouble.empty()
            : OptionalDouble.of(JsonNumbers.value(rocAuc)),
        List.copyOf(classes),
        List.copyOf(confusion),
        List.of(),
        List.of());
  }
}
