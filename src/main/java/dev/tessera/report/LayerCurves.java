package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.run.RunFolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code parameters.jsonl} and {@code histograms.jsonl}: what every parameter block did. Holds the
 * points that are shown, however long the run is.
 */
final class LayerCurves {
  /** Numbers of all curves of a page together: some two megabytes. */
  private static final int MOST_NUMBERS = 360_000;

  private static final int MOST_POINTS = 400;
  private static final int FEWEST_POINTS = 40;
  private static final String WEIGHTS = "weights";

  private final Map<String, Block> blocks = new LinkedHashMap<>();
  private final List<Integer> histogramRounds = new ArrayList<>();
  private final Curve median = new Curve();
  private final int rounds;
  private final int runs;
  private Curve round = new Curve();
  private int group;
  private int histogramsSeen;

  private LayerCurves(int rounds, int runs) {
    this.rounds = rounds;
    this.runs = runs;
  }

  /** One parameter block of one layer. */
  static final class Block {
    private final String layer;
    private final String parameter;
    private final List<Integer> shape = new ArrayList<>();
    private final Curve norm;
    private final Curve updateRatio;
    private final Curve divergence;
    private final Curve min = new Curve();
    private final Curve max = new Curve();
    private final List<String> counts = new ArrayList<>();
    private double lastNorm = Double.NaN;
    private double lastRatio = Double.NaN;
    private double lastDivergence = Double.NaN;

    private Block(JsonNode json, int group) {
      layer = json.path("layer").asText();
      parameter = json.path("parameter").asText();
      json.path("shape").forEach(side -> shape.add(side.asInt()));
      norm = new Curve(group);
      updateRatio = new Curve(group);
      divergence = new Curve(group);
    }

    String layer() {
      return layer;
    }

    String parameter() {
      return parameter;
    }

    double lastNorm() {
      return lastNorm;
    }

    double lastRatio() {
      return lastRatio;
    }

    double lastDivergence() {
      return lastDivergence;
    }

    private void add(JsonNode json) {
      lastNorm = JsonLines.number(json.path("norm"));
      lastRatio = JsonLines.number(json.path("updateRatio"));
      lastDivergence = JsonLines.number(json.path("divergence"));
      norm.add(lastNorm);
      updateRatio.add(lastRatio);
      divergence.add(lastDivergence);
    }

    /** Every bin as a byte: 255 is the fullest of its round. */
    private void addHistogram(JsonNode json) {
      min.add(JsonLines.number(json.path("min")));
      max.add(JsonLines.number(json.path("max")));
      JsonNode bins = json.path("counts");
      long most = 1;
      for (JsonNode bin : bins) {
        most = Math.max(most, bin.asLong());
      }
      byte[] shades = new byte[bins.size()];
      for (int i = 0; i < shades.length; i++) {
        shades[i] = (byte) Math.round(255.0 * bins.get(i).asLong() / most);
      }
      counts.add(Base64.getEncoder().encodeToString(shades));
    }

    private ObjectNode json(ObjectNode json) {
      json.put("name", parameter);
      shape.forEach(json.putArray("shape")::add);
      json.set("norm", norm.json());
      json.set("updateRatio", updateRatio.json());
      json.set("divergence", divergence.json());
      json.set("min", min.json());
      json.set("max", max.json());
      counts.forEach(json.putArray("counts")::add);
      return json;
    }
  }

  /**
   * Reads both files.
   *
   * @param rounds that were recorded, about
   * @param runs that share a page
   */
  static LayerCurves read(RunFolder folder, int rounds, int runs) {
    LayerCurves curves = new LayerCurves(rounds, runs);
    JsonLines.each(folder, RunFolder.PARAMETERS, curves::add);
    curves.finish();
    JsonLines.each(folder, RunFolder.HISTOGRAMS, curves::addHistograms);
    return curves;
  }

  private void add(JsonNode line) {
    JsonNode all = line.path("parameters");
    if (group == 0) {
      int points = MOST_NUMBERS / (3 * Math.max(1, all.size()) * runs);
      points = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, points));
      group = Math.max(1, (rounds + points - 1) / points);
      round = new Curve(group);
    }
    round.add(line.path("round").asInt());
    Curve divergences = new Curve();
    for (JsonNode json : all) {
      blocks.computeIfAbsent(key(json), name -> new Block(json, group)).add(json);
      if (json.path("parameter").asText().equals(WEIGHTS)) {
        divergences.add(JsonLines.number(json.path("divergence")));
      }
    }
    median.add(median(divergences));
  }

  private static double median(Curve values) {
    double[] sorted = new double[values.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = values.at(i);
    }
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) / 2];
  }

  private void finish() {
    round.finish();
    blocks
        .values()
        .forEach(
            block -> {
              block.norm.finish();
              block.updateRatio.finish();
              block.divergence.finish();
            });
  }

  private void addHistograms(JsonNode line) {
    if (histogramsSeen++ % runs != 0) {
      // Several runs share the size of one.
      return;
    }
    histogramRounds.add(line.path("round").asInt());
    for (JsonNode json : line.path("histograms")) {
      Block block = blocks.get(key(json));
      if (block != null) {
        block.addHistogram(json);
      }
    }
  }

  private static String key(JsonNode json) {
    return json.path("layer").asText() + '\n' + json.path("parameter").asText();
  }

  List<Block> blocks() {
    return List.copyOf(blocks.values());
  }

  /** The median over the layers' weights, after every round. */
  Curve medianDivergence() {
    return median;
  }

  /** The weights, or all blocks of a network whose layers have none. */
  List<Block> weights() {
    List<Block> weights =
        blocks.values().stream().filter(block -> block.parameter.equals(WEIGHTS)).toList();
    return weights.isEmpty() ? blocks() : weights;
  }

  void write(ObjectNode run, int points) {
    int neighbours = Math.max(1, (median.size() + points - 1) / points);
    ObjectNode divergence = run.putObject("divergence").put("group", neighbours);
    divergence.set("median", median.grouped(neighbours).json());
    run.put("layerGroup", Math.max(1, group));
    run.set("layerRounds", round.json());
    histogramRounds.forEach(run.putArray("histogramRounds")::add);
    ArrayNode layers = run.putArray("layers");
    Map<String, ArrayNode> byName = new LinkedHashMap<>();
    for (Block block : blocks.values()) {
      byName
          .computeIfAbsent(
              block.layer, name -> layers.addObject().put("name", name).putArray("blocks"))
          .add(block.json(layers.objectNode()));
    }
  }
}
