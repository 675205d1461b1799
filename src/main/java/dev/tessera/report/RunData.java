package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the page is given of a run. */
final class RunData {
  private static final int MOST_POINTS = 2000;

  /** Beyond it a matrix says less than its worst cells. */
  private static final int MATRIX_CLASSES = 60;

  private static final int CONFUSED_SHOWN = 20;
  private static final int CLASSES_SHOWN = 200;
  private static final int MOST_TEXT = 200_000;

  private static final int MOST_IMAGES = 4;

  private final RunStory story;
  private final int runs;
  private final int points;

  private RunData(RunStory story, int runs) {
    this.story = story;
    this.runs = runs;
    this.points = MOST_POINTS / runs;
  }

  /**
   * The data of one run.
   *
   * @param runs that share the page
   */
  static ObjectNode of(RunStory story, int runs) {
    return new RunData(story, runs).json();
  }

  private ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", story.name())
        .put("path", story.path())
        .put("state", story.state())
        .put("finished", story.isFinished())
        .put("workers", story.workers());
    ArrayNode facts = json.putArray("facts");
    story.facts().forEach(fact -> facts.addArray().add(fact.name()).add(fact.value()));
    ArrayNode verdicts = json.putArray("verdicts");
    story.verdicts().forEach(verdict -> verdict.write(verdicts.addObject()));
    story.rounds().write(json, points);
    story.layers().write(json, points);
    evaluation(json);
    if (story.pictures() instanceof ObjectNode pictures) {
      json.set("pictures", fewer(pictures));
    }
    json.put("summary", cut(story.summary())).put("job", cut(story.job()));
    return json;
  }

  /** Of several runs fewer images are shown layer by layer. */
  private ObjectNode fewer(ObjectNode pictures) {
    ObjectNode shown = pictures.deepCopy();
    if (shown.path("activations").path("images") instanceof ArrayNode images) {
      while (images.size() > Math.max(1, MOST_IMAGES / runs)) {
        images.remove(images.size() - 1);
      }
    }
    return shown;
  }

  private static String cut(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "\n...";
  }

  private void evaluation(ObjectNode run) {
    JsonNode evaluation = story.evaluation();
    ArrayNode names = run.putArray("classNames");
    story.classNames().forEach(names::add);
    if (!evaluation.isObject()) {
      return;
    }
    ObjectNode json = run.putObject("evaluation");
    for (String figure : List.of("set", "examples", "accuracy", "top5", "loss", "rocAuc")) {
      if (evaluation.has(figure)) {
        json.set(figure, evaluation.get(figure));
      }
    }
    ArrayNode classes = json.putArray("classes");
    worstClasses(evaluation).stream().limit(CLASSES_SHOWN).forEach(classes::add);
    JsonNode confusion = evaluation.path("confusion");
    if (confusion.size() <= MATRIX_CLASSES) {
      json.set("confusion", confusion);
    }
    ArrayNode confused = json.putArray("confused");
    confused(confusion).stream().limit(CONFUSED_SHOWN).forEach(confused::add);
  }

  /** Those that are found least often first, with their places. */
  static List<ObjectNode> worstClasses(JsonNode evaluation) {
    List<ObjectNode> classes = new ArrayList<>();
    int index = 0;
    for (JsonNode figures : evaluation.path("classes")) {
      ObjectNode json = figures.deepCopy();
      classes.add(json.put("index", index++));
    }
    classes.sort(Comparator.comparingDouble(figures -> figures.path("recall").asDouble()));
    return classes;
  }

  /** Pairs of classes, those that are taken for another most often first. */
  static List<ObjectNode> confused(JsonNode confusion) {
    List<ObjectNode> pairs = new ArrayList<>();
    for (int label = 0; label < confusion.size(); label++) {
      for (int predicted = 0; predicted < confusion.size(); predicted++) {
        long count = confusion.get(label).path(predicted).asLong();
        if (label != predicted && count > 0) {
          pairs.add(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("label", label)
                  .put("predicted", predicted)
                  .put("count", count));
        }
      }
    }
    pairs.sort(Comparator.comparingLong(pair -> -pair.path("count").asLong()));
    return pairs;
  }
}
