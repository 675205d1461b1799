package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.Printable;
import dev.tessera.run.RunFolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code rounds.jsonl}: a point a round, the validations, and what went wrong on the way. */
final class RoundCurves {
  /** Phases of a round in their order. */
  static final List<String> PHASES = List.of("broadcast", "fit", "aggregate", "driver");

  private static final List<String> FIGURES =
      List.of("loss", "learningRate", "averagingFrequency", "imagesPerSecond", "workers", "epoch");

  private static final int EVENTS_SHOWN = 50;

  private final Map<String, Curve> curves = new LinkedHashMap<>();
  private final Curve round = new Curve();
  private final List<Validation> validations = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private int rollbacks;
  private int exclusions;
  private int lastRound;

  /** Figures on the validation set after a round, which counts from 1 as its epoch does. */
  record Validation(int round, int epoch, double accuracy, double loss, long examples) {}

  private record Event(int round, String text) {}

  private RoundCurves() {
    FIGURES.forEach(name -> curves.put(name, new Curve()));
    PHASES.forEach(name -> curves.put(name, new Curve()));
  }

  static RoundCurves read(RunFolder folder) {
    RoundCurves curves = new RoundCurves();
    JsonLines.each(folder, RunFolder.ROUNDS, curves::add);
    return curves;
  }

  private void add(JsonNode line) {
    switch (line.path("kind").asText()) {
      case "round" -> addRound(line);
      case "evaluation" ->
          validations.add(
              new Validation(
                  line.path("round").asInt(),
                  line.path("epoch").asInt(),
                  JsonLines.number(line.path("accuracy")),
                  JsonLines.number(line.path("loss")),
                  line.path("examples").asLong()));
      case "rollback" -> {
        rollbacks++;
        happened(line, "run again at a lower learning rate: " + line.path("reason").asText());
      }
      default -> {
        // Of a later version.
      }
    }
  }

  private void addRound(JsonNode line) {
    lastRound = line.path("round").asInt();
    round.add(lastRound);
    FIGURES.forEach(name -> curve(name).add(JsonLines.number(line.path(name))));
    PHASES.forEach(name -> curve(name).add(JsonLines.number(line.path("seconds").path(name))));
    for (JsonNode worker : line.path("excludedWorkers")) {
      exclusions++;
      happened(
          line,
          "worker "
              + worker.path("worker").asInt()
              + " left out of the average: "
              + worker.path("reason").asText());
    }
  }

  private void happened(JsonNode line, String text) {
    if (events.size() < EVENTS_SHOWN) {
      events.add(new Event(line.path("round").asInt(), Printable.of(text)));
    }
  }

  /** Rounds that were recorded. */
  int count() {
    return round.size();
  }

  int lastRound() {
    return lastRound;
  }

  Curve curve(String name) {
    Curve curve = curves.get(name);
    if (curve == null) {
      throw new IllegalArgumentException("No curve is called " + name);
    }
    return curve;
  }

  List<Validation> validations() {
    return validations;
  }

  int rollbacks() {
    return rollbacks;
  }

  int exclusions() {
    return exclusions;
  }

  /** Seconds of all rounds, or of all but the first, which warms up, where there are more. */
  double seconds(String phase) {
    return curve(phase).sum(count() > 1 ? 1 : 0);
  }

  /** The same for all phases. */
  double seconds() {
    return PHASES.stream().mapToDouble(this::seconds).sum();
  }

  /** Adds everything to the data of the page, in as many points at most. */
  void write(ObjectNode run, int points) {
    int group = Math.max(1, (count() + points - 1) / points);
    ObjectNode json = run.putObject("rounds").put("group", group);
    json.set("round", round.grouped(group).json());
    curves.forEach((name, curve) -> json.set(name, curve.grouped(group).json()));
    Curve at = new Curve();
    Curve accuracy = new Curve();
    Curve loss = new Curve();
    validations.forEach(
        validation -> {
          at.add(validation.round());
          accuracy.add(validation.accuracy());
          loss.add(validation.loss());
        });
    ObjectNode held = run.putObject("validation");
    held.set("round", at.json());
    held.set("accuracy", accuracy.json());
    held.set("loss", loss.json());
    ArrayNode happened = run.putArray("events");
    events.forEach(
        event -> happened.addObject().put("round", event.round()).put("text", event.text()));
    run.put("moreEvents", rollbacks + exclusions - events.size());
  }
}
