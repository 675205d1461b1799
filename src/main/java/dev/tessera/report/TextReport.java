package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.Printable;
import dev.tessera.report.LayerCurves.Block;
import dev.tessera.report.RoundCurves.Validation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A run in at most thirty lines of plain characters, which every terminal has. */
final class TextReport {
  private static final int WIDTH = 100;
  private static final int MARGIN = 28;
  private static final int PLOT_HEIGHT = 6;
  private static final int PLOT_WIDTH = 72;
  private static final int MOST_LINES = 30;
  private static final int MOST_ROWS = 3;

  private final RunStory story;
  private final List<String> lines = new ArrayList<>();

  private TextReport(RunStory story) {
    this.story = story;
  }

  static String of(RunStory story) {
    TextReport report = new TextReport(story);
    report.write();
    return String.join("\n", report.lines) + "\n";
  }

  private void write() {
    lines.add(story.name() + " in " + Printable.of(story.path()) + ": " + story.state());
    for (Verdict verdict : story.verdicts()) {
      String mark =
          verdict.tone() == Verdict.Tone.GOOD || verdict.tone() == Verdict.Tone.PLAIN ? "" : "! ";
      lines.add(padded(verdict.question(), MARGIN) + mark + Printable.of(verdict.answer()));
      wrap(Printable.of(verdict.detail()));
    }
    plot(story.rounds().curve("loss"));
    validations();
    // Two tables, each with a heading.
    int rows = Math.max(1, Math.min(MOST_ROWS, (MOST_LINES - lines.size()) / 2 - 1));
    layers(rows);
    classes(rows);
  }

  private void wrap(String text) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && MARGIN + line.length() + 1 + word.length() > WIDTH) {
        lines.add(" ".repeat(MARGIN) + line);
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(" ".repeat(MARGIN) + line);
  }

  /** The curve as stars, its largest value above. */
  private void plot(Curve curve) {
    int columns = Math.min(PLOT_WIDTH, curve.size());
    double[] means = new double[columns];
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < columns; c++) {
      int from = (int) ((long) c * curve.size() / columns);
      means[c] = curve.mean(from, (int) ((c + 1L) * curve.size() / columns));
      if (Double.isFinite(means[c])) {
        min = Math.min(min, means[c]);
        max = Math.max(max, means[c]);
      }
    }
    for (int row = 0; row < PLOT_HEIGHT; row++) {
      StringBuilder stars = new StringBuilder();
      for (double mean : means) {
        // A comparison with NaN is false: no star.
        long at = Math.round((max - mean) / Math.max(max - min, 1e-30) * (PLOT_HEIGHT - 1));
        stars.append(Double.isFinite(mean) && at == row ? '*' : ' ');
      }
      String label =
          row == 0
              ? String.format(Locale.ROOT, "training loss %10.4f |", max)
              : row == PLOT_HEIGHT - 1
                  ? String.format(Locale.ROOT, "%24.4f |", min)
                  : padded("", 25) + "|";
      lines.add((label + stars).stripTrailing());
    }
    int last = story.rounds().lastRound();
    lines.add(
        String.format(Locale.ROOT, "%25s 1%" + Math.max(1, columns - 1) + "d", "round", last));
  }

  private void validations() {
    List<Validation> all = story.rounds().validations();
    if (all.isEmpty()) {
      return;
    }
    Validation best =
        all.stream().max(Comparator.comparingDouble(Validation::accuracy)).orElseThrow();
    Validation last = all.get(all.size() - 1);
    lines.add(
        String.format(
            Locale.ROOT,
            "%-28sbest %.4f in epoch %d, last %.4f (loss %.4f) in epoch %d",
            "validation accuracy",
            best.accuracy(),
            best.epoch(),
            last.accuracy(),
            last.loss(),
            last.epoch()));
  }

  private void layers(int rows) {
    // One worker has nobody to be apart from.
    ToDoubleFunction<Block> figure =
        story.workers() == 1 ? Block::lastRatio : Block::lastDivergence;
    List<Block> first =
        story.layers().weights().stream()
            .sorted(
                Comparator.comparingDouble((Block block) -> -finite(figure.applyAsDouble(block))))
            .limit(rows)
            .toList();
    if (first.isEmpty()) {
      return;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%-28s%10s%14s%14s",
            story.workers() == 1 ? "layers that change most" : "layers farthest apart",
            "norm",
            "update ratio",
            "divergence"));
    for (Block block : first) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-26s%10.4g%14.4g%14.4g",
              Printable.of(block.layer() + "." + block.parameter()),
              block.lastNorm(),
              block.lastRatio(),
              block.lastDivergence()));
    }
  }

  private static double finite(double value) {
    return Double.isNaN(value) ? -1 : value;
  }

  private void classes(int rows) {
    List<ObjectNode> worst = RunData.worstClasses(story.evaluation());
    if (worst.isEmpty()) {
      return;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%-28s%10s%14s%14s",
            "classes found least often",
            "recall",
            "precision",
            "images"));
    for (JsonNode figures : worst.subList(0, Math.min(rows, worst.size()))) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-26s%10.4f%14.4f%,14d",
              Printable.of(figures.path("name").asText()),
              figures.path("recall").asDouble(),
              figures.path("precision").asDouble(),
              figures.path("support").asLong()));
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
