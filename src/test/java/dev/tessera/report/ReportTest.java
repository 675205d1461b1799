package dev.tessera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.JobException;
import dev.tessera.report.Verdict.Tone;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;

  private RunFolder run(GeneratedRun run) throws IOException {
    return run.in(folder.resolve("run"));
  }

  /** The data element of the page. */
  private static JsonNode data(String html) throws IOException {
    String begin = "<script type=\"application/json\" id=\"data\">";
    int from = html.indexOf(begin) + begin.length();
    return GeneratedRun.json().readTree(html.substring(from, html.indexOf("</script>", from)));
  }

  private Verdict verdict(int question) {
    RunFolder run = RunFolder.at(new LocalStorage(), folder.resolve("run").toString());
    return RunStory.read(run, 1).verdicts().get(question);
  }

  private void eachRound(Consumer<ObjectNode> change) throws IOException {
    Path file = folder.resolve("run/rounds.jsonl");
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      ObjectNode json = (ObjectNode) GeneratedRun.json().readTree(line);
      if (json.path("kind").asText().equals("round")) {
        change.accept(json);
      }
      lines.add(json.toString());
    }
    Files.write(file, lines);
  }

  @Test
  void thePageHoldsEveryRoundAndLayerAsItWasRecorded() throws IOException {
    RunFolder run = run(new GeneratedRun(30, 3));
    JsonNode data = data(Report.of(List.of(run)).html()).path("runs").get(0);
    List<String> lines = Files.readAllLines(folder.resolve("run/parameters.jsonl"));
    for (int r = 0; r < 30; r++) {
      assertThat(data.path("rounds").path("round").get(r).asInt()).isEqualTo(r + 1);
      JsonNode block = GeneratedRun.json().readTree(lines.get(r)).path("parameters").get(3);
      JsonNode shown = data.path("layers").get(1).path("blocks").get(1);
      assertThat(shown.path("name").asText()).isEqualTo("bias");
      for (String figure : List.of("norm", "updateRatio", "divergence")) {
        double recorded = block.path(figure).asDouble();
        assertThat(shown.path(figure).get(r).asDouble())
            .isCloseTo(recorded, org.assertj.core.data.Offset.offset(recorded * 1e-3));
      }
    }
    assertThat(data.path("histogramRounds")).hasSize(30);
    assertThat(data.path("evaluation").path("confusion")).hasSize(10);
  }

  @Test
  void longRunsAreShownByTheMeansOfNeighbours() throws IOException {
    JsonNode data =
        data(Report.of(List.of(run(new GeneratedRun(4001, 2)))).html()).path("runs").get(0);
    assertThat(data.path("rounds").path("group").asInt()).isEqualTo(3);
    assertThat(data.path("rounds").path("round")).hasSize(1334);
    assertThat(data.path("rounds").path("round").get(0).asInt()).isEqualTo(2);
    assertThat(data.path("layerGroup").asInt()).isEqualTo(11);
    assertThat(data.path("layerRounds")).hasSize(364);
    assertThat(data.path("layers").get(0).path("blocks").get(0).path("norm")).hasSize(364);
  }

  @Test
  void severalRunsShareTheSizeOfOne() throws IOException {
    RunFolder run = run(new GeneratedRun(300, 60));
    int one = Report.of(List.of(run)).html().length();
    int eight = Report.of(Collections.nCopies(8, run)).html().length();
    assertThat(one).isBetween(1_000_000, 2_500_000);
    assertThat(eight).isLessThan(5_000_000);
  }

  @Test
  void severalRunsShareTheImagesThatAreShownLayerByLayer() throws IOException {
    RunFolder run = run(new GeneratedRun(10, 5));
    for (int[] runsAndImages : new int[][] {{1, 4}, {2, 2}, {3, 1}, {8, 1}}) {
      JsonNode data = data(Report.of(Collections.nCopies(runsAndImages[0], run)).html());
      assertThat(data.path("runs")).hasSize(runsAndImages[0]);
      for (JsonNode one : data.path("runs")) {
        JsonNode activations = one.path("pictures").path("activations");
        assertThat(activations.path("images")).hasSize(runsAndImages[1]);
        assertThat(activations.path("layers")).hasSize(5);
      }
    }
  }

  @Test
  void namesCannotEndTheirElement() throws IOException {
    String hostile = "</script><!--<script>\u202e\u2028\"'&";
    RunFolder run = run(new GeneratedRun(5, 2, 3, 2, hostile));
    String html = Report.of(List.of(run)).html();
    assertThat(html.split("</script>", -1)).hasSize(4);
    assertThat(html).contains("<title>generated&lt;/script&gt;");
    assertThat(data(html).path("runs").get(0).path("layers").get(0).path("name").asText())
        .isEqualTo("layer0" + hostile);
  }

  @Test
  void theTextTakesThirtyLinesAndNoOtherCharactersThanTerminalsHave() throws IOException {
    String text = Report.of(List.of(run(new GeneratedRun(500, 60)))).text();
    assertThat(text.lines()).hasSizeBetween(20, 30).allMatch(line -> line.length() <= 110);
    assertThat(text.chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 127));
    assertThat(text)
        .startsWith(
            "generated in " + folder.resolve("run") + ": finished after 500 rounds in 1 h 12 min\n")
        .contains("Did it learn?               90.0 % of 1,000 test images right")
        .contains("What limits it?             Workers' steps: 82 % of the time")
        .contains("Are the workers together?   ")
        .contains("\n  layer", "\n  class0 ");
  }

  @Test
  void ofOneWorkerTheTextNamesTheLayersThatChangeMost() throws IOException {
    RunFolder run = run(new GeneratedRun(20, 5, 10, 1, ""));
    assertThat(Report.of(List.of(run)).text())
        .contains("layers that change most", "There is one worker")
        .doesNotContain("farthest");
  }

  @Test
  void aFolderWithoutARunIsRefused() {
    RunFolder none = RunFolder.at(new LocalStorage(), "nowhere/run");
    assertThatThrownBy(() -> Report.of(List.of(none)))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "There is no run in nowhere/run: it has no job.conf. Give the folder of a run, such as"
                + " runs/quickstart, with its scheme if it is not on the default file system.");
  }

  @Test
  void aRunWithoutRoundsIsRefused() throws IOException {
    Path begun = Files.createDirectories(folder.resolve("begun"));
    Files.writeString(begun.resolve("job.conf"), "");
    RunFolder run = RunFolder.at(new LocalStorage(), begun.toString());
    assertThatThrownBy(() -> Report.of(List.of(run)))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "The run in "
                + begun
                + " has recorded no round: there is nothing to report. Wait for its first round, or"
                + " look into "
                + begun
                + "/train.log for what stopped it. Runs of training.trainer = dl4j record none.");
  }

  @Test
  void aRunThatHasDiedIsReportedAsFarAsItCame() throws IOException {
    RunFolder run = run(new GeneratedRun(12, 2));
    for (String name :
        List.of("manifest.json", "evaluation.json", "pictures.json", "summary.txt")) {
      Files.delete(folder.resolve("run").resolve(name));
    }
    Report report = Report.of(List.of(run));
    assertThat(report.text()).contains("not finished: 12 rounds when this was written");
    assertThat(data(report.html()).path("runs").get(0).has("evaluation")).isFalse();
  }

  @Test
  void saysWhetherItLearned() throws IOException {
    run(new GeneratedRun(40, 2));
    assertThat(verdict(0).tone()).isEqualTo(Tone.GOOD);
    Path evaluation = folder.resolve("run/evaluation.json");
    ObjectNode json = (ObjectNode) GeneratedRun.json().readTree(Files.readString(evaluation));
    Files.writeString(evaluation, json.put("accuracy", 0.1).toString());
    assertThat(verdict(0).tone()).isEqualTo(Tone.BAD);
    assertThat(verdict(0).detail()).startsWith("That is no better than naming one class always");
    Files.writeString(evaluation, json.put("accuracy", 0.9).toString());
    Files.writeString(
        folder.resolve("run/rounds.jsonl"),
        Files.readString(folder.resolve("run/rounds.jsonl"))
            + "{\"kind\":\"evaluation\",\"round\":40,\"epoch\":9,\"accuracy\":0.8,\"loss\":1.5,\"examples\":5}\n");
    assertThat(verdict(0).tone()).isEqualTo(Tone.WARNING);
    assertThat(verdict(0).detail()).contains("Validation loss has risen since epoch ");
    eachRound(round -> round.putNull("loss"));
    assertThat(verdict(0).answer()).isEqualTo("No: the loss is not finite");
  }

  @Test
  void saysWhatLimitsIt() throws IOException {
    run(new GeneratedRun(40, 2));
    assertThat(verdict(1).tone()).isEqualTo(Tone.GOOD);
    for (String[] phase :
        new String[][] {
          {"aggregate", "Averaging: "},
          {"broadcast", "Sending the state: "},
          {"driver", "The driver: "}
        }) {
      run(new GeneratedRun(40, 2));
      eachRound(round -> round.withObject("/seconds").put(phase[0], 5));
      assertThat(verdict(1).answer()).startsWith(phase[1]);
      assertThat(verdict(1).tone()).isEqualTo(Tone.WARNING);
    }
  }

  @Test
  void saysWhetherTheWorkersAreTogether() throws IOException {
    run(new GeneratedRun(40, 2));
    assertThat(verdict(2).tone()).isEqualTo(Tone.GOOD);
    eachRound(
        round ->
            round.withArray("excludedWorkers").addObject().put("worker", 1).put("reason", "x"));
    assertThat(verdict(2).tone()).isEqualTo(Tone.WARNING);
    assertThat(verdict(2).detail()).contains("Left out of an average: workers, 40 times.");
    Path parameters = folder.resolve("run/parameters.jsonl");
    Files.writeString(
        parameters,
        Files.readString(parameters).replaceAll("\"divergence\":[0-9.E-]+", "\"divergence\":0.7"));
    assertThat(verdict(2).tone()).isEqualTo(Tone.BAD);
    assertThat(verdict(2).answer()).isEqualTo("70 % from their mean");
  }

  @Test
  void figuresHaveFourDigits() {
    assertThat(Curve.rounded(0.000123456)).isEqualTo(0.0001235);
    assertThat(Curve.rounded(-12.3456)).isEqualTo(-12.35);
    assertThat(Curve.rounded(123456.7)).isEqualTo(123457);
    assertThat(Curve.rounded(0)).isZero();
    assertThat(Curve.rounded(1e-30)).isZero();
    assertThat(Curve.rounded(Double.MAX_VALUE)).isEqualTo(Double.MAX_VALUE);
  }
}
