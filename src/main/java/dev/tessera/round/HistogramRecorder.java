package dev.tessera.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.stats.Histogram;
import dev.tessera.stats.ParameterStats;

/**
 * The lines of {@code histograms.jsonl}: where the values of every parameter block lie, after the
 * first round, the last one, and so many between that there are about {@link #MOST} in a run of any
 * length. Taken from the averaged state, by whichever way the replicas came back.
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
    float[] parameters = report.state().replica().parameters();
    ArrayNode blocks = line.putArray("histograms");
    int from = 0;
    for (ParameterStats stats : report.outcome().statistics()) {
      int to = from + stats.shape().stream().reduce(1, Math::multiplyExact);
      blocks.add(json(stats, Histogram.of(parameters, from, to)));
      from = to;
    }
    return line;
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
