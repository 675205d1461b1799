package dev.tessera.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.stats.Histogram;
import dev.tessera.stats.ParameterStats;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of {@code histograms.jsonl}, and what TensorBoard has of them: where the values of
 * every parameter block lie, after the first round, the last one, and so many between that there
 * are about {@link #MOST} in a run of any length. Taken from the averaged state, by whichever way
 * the replicas came back.
 */
final class HistogramRecorder {
  static final int MOST = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private HistogramRecorder() {}

  /** Depends on the length of the run alone, so that one that goes on has the same rounds. */
  static boolean isDue(int finished, int rounds) {
    int every = (rounds + MOST - 1) / MOST;
    return finished == 1 || finished == rounds || finished % every == 0;
  }

  /** Adds the histograms of every block to a line that says which round it is. */
  static ObjectNode complete(ObjectNode line, RoundReport report) {
    ArrayNode blocks = line.putArray("histograms");
    List<Histogram> histograms = histograms(report);
    for (int i = 0; i < histograms.size(); i++) {
      blocks.add(json(report.outcome().statistics().get(i), histograms.get(i)));
    }
    return line;
  }

  /** One of every block, in the order of the round's statistics. */
  static List<Histogram> histograms(RoundReport report) {
    float[] parameters = report.state().replica().parameters();
    List<Histogram> histograms = new ArrayList<>();
    int from = 0;
    for (ParameterStats stats : report.outcome().statistics()) {
      int to = from + stats.shape().stream().reduce(1, Math::multiplyExact);
      histograms.add(Histogram.of(parameters, from, to));
      from = to;
    }
    return histograms;
  }

  private static ObjectNode json(ParameterStats stats, Histogram histogram) {
    ObjectNode block =
        JSON.createObjectNode()
            .put("layer", stats.layer())
            .put("parameter", stats.parameter())
            .put("min", histogram.min())
            .put("max", histogram.max());
    histogram.counts().forEach(block.putArray("counts")::add);
    return block;
  }
}
