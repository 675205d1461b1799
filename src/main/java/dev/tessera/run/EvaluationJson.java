package dev.tessera.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.stats.Evaluation;

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
}
