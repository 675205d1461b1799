package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.engine.Workload;
import dev.tessera.round.SoftmaxRegressionEngine.Damage;
import dev.tessera.round.SoftmaxRegressionEngine.Fault;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.EvaluationCounts;
import dev.tessera.stats.ParameterStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of one epoch and two rounds leaves, worker 1 being left out of the second. */
class RunRecorderTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";

  @TempDir Path folder;
  private final Heard heard = new Heard();
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void train() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    List<Shard> shards = Toy.shards(16, 16, 0);
    Fault fault =
        (minibatch, settings) ->
            minibatch.pixels()[0] == 1 && settings.iteration() == 3 ? Damage.LOSS_NAN : Damage.NONE;
    FitTask task = Toy.task(SoftmaxRegressionEngine.failing(fault), workload, 2, shards);
    RunFolder run = RunFolder.at(new LocalStorage(), folder.toString());
    try (RunLog log = new RunLog(run);
        RunRecorder recorder =
            new RunRecorder(
                run, log, 5, (done, all, line) -> progress.add(done + "/" + all + " " + line))) {
      TrainingListener both =
          new TrainingListener() {
            @Override
            public void roundFinished(RoundReport report) {
              heard.roundFinished(report);
              recorder.roundFinished(report);
            }

            @Override
            public void evaluated(RoundReport report, Evaluation evaluation) {
              recorder.evaluated(report, evaluation);
            }
          };
      new Trainer(
              Toy.settings(task, 1),
              task.plan(),
              new LocalRoundRunner(task, shards),
              OuterStep.AVERAGE,
              state -> evaluation(),
              both)
          .train(Toy.start(workload));
    }
  }

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  private static Evaluation evaluation() {
    EvaluationCounts counts = new EvaluationCounts(2, false);
    counts.add(0, new float[] {0.75f, 0.25f}, 0);
    counts.add(1, new float[] {0.75f, 0.25f}, 0);
    return Evaluation.of(counts, List.of("a", "b"));
  }

  private List<JsonNode> json(String name) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name))) {
      lines.add(mapper.readTree(line));
    }
    return lines;
  }

  private static List<String> keys(JsonNode json) {
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void leavesFourFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "rounds.jsonl", "parameters.jsonl", "histograms.jsonl", "train.log");
    }
  }

  @Test
  void histogramsCountEveryParameterOfTheAverage() throws IOException {
    List<JsonNode> lines = json("histograms.jsonl");
    assertThat(lines.stream().map(line -> line.get("round").asInt())).containsExactly(1, 2);
    for (int r = 0; r < 2; r++) {
      RoundReport report = heard.rounds().get(r);
      float[] parameters = report.state().replica().parameters();
      int from = 0;
      for (JsonNode block : lines.get(r).get("histograms")) {
        ParameterStats stats =
            report.outcome().statistics().stream()
                .filter(one -> one.layer().equals(block.get("layer").asText()))
                .filter(one -> one.parameter().equals(block.get("parameter").asText()))
                .findFirst()
                .orElseThrow();
        assertThat(block.get("min").asDouble()).isEqualTo(stats.min());
        assertThat(block.get("max").asDouble()).isEqualTo(stats.max());
        long counted = 0;
        for (JsonNode count : block.get("counts")) {
          counted += count.asLong();
        }
        from += Math.toIntExact(counted);
      }
      assertThat(from).isEqualTo(parameters.length);
    }
  }

  @Test
  void aRunOfAnyLengthHasAboutSixtyHistograms() {
    for (int rounds : new int[] {1, 2, 59, 60, 61, 119, 120, 2000, 100_001}) {
      int all = rounds;
      List<Integer> due =
          IntStream.rangeClosed(1, rounds)
              .filter(finished -> HistogramRecorder.isDue(finished, all))
              .boxed()
              .toList();
      assertThat(due).contains(1, rounds).hasSizeBetween(Math.min(rounds, 30), 62);
    }
  }

  @Test
  void roundsHaveALineEachAndEvaluationsToo() throws IOException {
    List<JsonNode> lines = json("rounds.jsonl");
    assertThat(lines.stream().map(line -> line.get("kind").asText()))
        .containsExactly("round", "round", "evaluation");
    for (int r = 0; r < 2; r++) {
      JsonNode line = lines.get(r);
      RoundOutcome outcome = heard.rounds().get(r).outcome();
      assertThat(keys(line))
          .containsExactly(
              "schema",
              "kind",
              "round",
              "epoch",
              "examples",
              "loss",
              "regularisedLoss",
              "learningRate",
              "averagingFrequency",
              "workers",
              "excludedWorkers",
              "seconds",
              "imagesPerSecond");
      assertThat(line.get("schema").asInt()).isEqualTo(1);
      assertThat(line.get("round").asInt()).isEqualTo(r + 1);
      assertThat(line.get("epoch").asInt()).isEqualTo(1);
      assertThat(line.get("examples").asInt()).isEqualTo(16);
      assertThat(line.get("loss").isNumber()).isTrue();
      assertThat(line.get("loss").asDouble()).isEqualTo(outcome.loss());
      assertThat(line.get("regularisedLoss").asDouble()).isEqualTo(outcome.regularisedLoss());
      assertThat(line.get("learningRate").asDouble()).isEqualTo(0.2);
      assertThat(line.get("averagingFrequency").asInt()).isEqualTo(2);
      assertThat(line.get("workers").asInt()).isEqualTo(3);
      assertThat(keys(line.get("seconds")))
          .containsExactly("broadcast", "fit", "aggregate", "driver");
      assertThat(line.get("seconds").get("fit").asDouble()).isEqualTo(outcome.seconds().fit());
      assertThat(line.get("imagesPerSecond").asDouble())
          .isEqualTo(heard.rounds().get(r).examplesPerSecond())
          .isPositive();
    }
    assertThat(lines.get(0).get("excludedWorkers").toString()).isEqualTo("[]");
    assertThat(lines.get(1).get("excludedWorkers").toString())
        .isEqualTo("[{\"worker\":1,\"reason\":\"its loss is not finite\"}]");
    assertThat(lines.get(2).toString())
        .isEqualTo(
            "{\"schema\":1,\"kind\":\"evaluation\",\"round\":2,\"epoch\":1,\"examples\":2,"
                + "\"accuracy\":0.5,\"top5\":1.0,\"loss\":"
                + evaluation().loss()
                + ",\"bestRound\":2}");
  }

  @Test
  void everyRoundHasAllItsParameterStatistics() throws IOException {
    List<JsonNode> lines = json("parameters.jsonl");
    assertThat(lines).hasSize(2);
    for (int r = 0; r < 2; r++) {
      JsonNode line = lines.get(r);
      assertThat(keys(line)).containsExactly("schema", "kind", "round", "epoch", "parameters");
      assertThat(line.get("schema").asInt()).isEqualTo(1);
      assertThat(line.get("kind").asText()).isEqualTo("parameters");
      assertThat(line.get("round").asInt()).isEqualTo(r + 1);
      assertThat(line.get("parameters")).hasSize(2);
      JsonNode weights = line.get("parameters").get(0);
      assertThat(keys(weights))
          .containsExactly(
              "layer",
              "parameter",
              "shape",
              "mean",
              "standardDeviation",
              "min",
              "max",
              "norm",
              "zeroFraction",
              "nonFiniteFraction",
              "updateNorm",
              "updateRatio",
              "divergence");
      assertThat(weights.get("layer").asText()).isEqualTo("dense1");
      assertThat(weights.get("parameter").asText()).isEqualTo("weights");
      assertThat(weights.get("shape").toString()).isEqualTo("[12,3]");
      assertThat(weights.get("norm").asDouble())
          .isEqualTo(heard.rounds().get(r).outcome().statistics().get(0).norm());
      assertThat(weights.get("nonFiniteFraction").asDouble()).isZero();
    }
    assertThat(lines.get(0).get("parameters").get(0).get("divergence").asDouble()).isPositive();
    assertThat(lines.get(1).get("parameters").get(0).get("divergence").asDouble()).isZero();
  }

  /** Biases start at 0, so the first update is infinitely large against them. */
  @Test
  void figureWithoutAValueIsNull() throws IOException {
    JsonNode bias = json("parameters.jsonl").get(0).get("parameters").get(1);
    assertThat(bias.get("parameter").asText()).isEqualTo("bias");
    assertThat(bias.get("updateRatio").isNull()).isTrue();
  }

  @Test
  void logTellsTheRun() throws IOException {
    List<String> log = Files.readAllLines(folder.resolve("train.log"));
    String round = "INFO epoch 1/1 round %d/2 loss \\d\\.\\d{4} [\\d,]+ images/s \\dm \\d\\ds left";
    assertThat(log).hasSize(9);
    assertThat(log.get(0)).matches(TIME + String.format(round, 1));
    assertThat(log.get(1)).matches(TIME + "INFO Round 1 ran worker 0, 1, 2 on .+\\.");
    assertThat(log.get(2)).matches(TIME + String.format(round, 2));
    assertThat(log.get(3))
        .matches(
            TIME
                + "WARN Worker 1 is left out of the average of round 2: its loss is not finite\\."
                + " If this goes on, lower training\\.learningRate\\.");
    assertThat(log.get(4)).matches(TIME + "INFO Parameters after round 2:");
    assertThat(log.get(5)).startsWith("parameter ");
    assertThat(log.get(6)).startsWith("dense1.weights ");
    assertThat(log.get(7)).startsWith("dense1.bias ");
    assertThat(log.get(8))
        .matches(
            TIME
                + "INFO epoch 1 validation: accuracy 0\\.5000, top-5 1\\.0000, loss 0\\.836988 on 2"
                + " images");
  }

  @Test
  void progressHearsEveryRound() {
    assertThat(progress).hasSize(2);
    assertThat(progress.get(0)).startsWith("1/2 epoch 1/1 round 1/2 loss ");
    assertThat(progress.get(1)).startsWith("2/2 epoch 1/1 round 2/2 loss ");
  }
}
