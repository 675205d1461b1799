package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.TrainedModel;
import dev.tessera.error.DivergenceException;
import dev.tessera.stats.Evaluation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --output json} and {@code --log-format json}, as far as they need no Spark. */
class JsonFormsTest {
  private static final String JOB = "jobs/quickstart.conf";
  private static final ObjectMapper JSON = new ObjectMapper();

  // --- The result

  @Test
  void aTrainedModelIsOneLine() {
    CommandRun run = CommandRun.of("train", JOB, "--run-dir", "out/a \u00e4", "--output", "json");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            "{\"schema\":1,\"status\":\"done\",\"exitCode\":0,\"set\":\"test\",\"examples\":1500,"
                + "\"accuracy\":0.9,\"top5\":1.0,\"loss\":0.3,\"rounds\":3,\"modelRound\":2,"
                + "\"stoppedEarly\":false,\"seconds\":1.5,\"finishedBefore\":false,"
                + "\"runDir\":\"out/a \\u00e4\",\"model\":\"out/a \\u00e4/model.zip\"}\n");
    assertThat(only(run.out()).get("runDir").asText()).isEqualTo("out/a \u00e4");
  }

  @Test
  void aRunThatWasOverOrStoppedEarlyHasTheSameFields() {
    FakeRuns runs = new FakeRuns();
    JsonNode trained = only(CommandRun.of(runs, "train", JOB, "--output=json").out());
    runs.origin = TrainedModel.Origin.EARLIER_RUN;
    runs.stoppedEarly = true;
    JsonNode before = only(CommandRun.of(runs, "train", JOB, "--output=json").out());
    assertThat(before.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> trained.fieldNames());
    assertThat(before.get("finishedBefore").asBoolean()).isTrue();
    assertThat(before.get("stoppedEarly").asBoolean()).isTrue();
    assertThat(before.get("accuracy").asDouble()).isEqualTo(0.9);
  }

  @Test
  void figuresThatAreNotThereAreNull() {
    FakeRuns runs = new FakeRuns();
    runs.test = Optional.empty();
    JsonNode nothing = only(CommandRun.of(runs, "train", JOB, "--output=json").out());
    assertThat(nothing.get("set").isNull()).isTrue();
    assertThat(nothing.get("accuracy").isNull()).isTrue();
    assertThat(nothing.get("examples").asInt()).isZero();
    runs.test =
        Optional.of(
            new Evaluation(
                5,
                0.2,
                1,
                Double.NaN,
                OptionalDouble.of(0.5),
                List.of(),
                List.of(),
                List.of(),
                List.of()));
    JsonNode diverged = only(CommandRun.of(runs, "train", JOB, "--output=json").out());
    assertThat(diverged.get("loss").isNull()).isTrue();
    assertThat(diverged.get("rocAuc").asDouble()).isEqualTo(0.5);
  }

  @Test
  void anEvaluationIsOneLine() {
    assertThat(CommandRun.of("evaluate", JOB, "--model", "m.zip", "--output", "json").out())
        .isEqualToNormalizingNewlines(
            "{\"schema\":1,\"status\":\"done\",\"exitCode\":0,\"set\":\"validation\",\"examples\":1500,"
                + "\"accuracy\":0.9,\"top5\":1.0,\"loss\":0.3,\"runDir\":null,\"model\":\"m.zip\"}\n");
    assertThat(
            only(CommandRun.of(
                        "evaluate",
                        JOB,
                        "--model",
                        "m.zip",
                        "--run-dir",
                        "out/b",
                        "--output",
                        "json")
                    .out())
                .get("runDir")
                .asText())
        .isEqualTo("out/b");
  }

  @Test
  void aFailureIsALineToo() {
    CommandRun run =
        CommandRun.of(
            new FailingRuns(new DivergenceException("Training diverged.\n  Lower the rate.")),
            "train",
            JOB,
            "--output",
            "json");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .isEqualToNormalizingNewlines("tessera: Training diverged.\n  Lower the rate.\n");
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            "{\"schema\":1,\"status\":\"failed\",\"exitCode\":4,"
                + "\"message\":\"Training diverged.\\n  Lower the rate.\"}\n");
  }

  @Test
  void afterASignalBothLinesLeaveTheExitCodeToTheProcess() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Messages.of(
            new String[] {"train", "--output=json", "--log-format=json"},
            new PrintWriter(out),
            new PrintWriter(err))
        .failed(new Failure(Failure.Kind.STOPPED, ExitCode.DEFECT, "stopped", null));
    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            "{\"schema\":1,\"status\":\"stopped\",\"message\":\"stopped\"}\n");
    assertThat(only(err.toString()).has("exitCode")).isFalse();
  }

  @Test
  void aWrongCommandLineIsAFailureInThatForm() {
    CommandRun run = CommandRun.of("train", "--sett=a=b", JOB, "--output=json");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("tessera: Unknown option: '--sett=a=b'");
    assertThat(only(run.out()).get("exitCode").asInt()).isEqualTo(2);
    assertThat(only(run.out()).get("message").asText()).startsWith("Unknown option");
  }

  // --- The log

  @Test
  void whatIsWrongIsALineOfTheLog() {
    CommandRun run =
        CommandRun.of(
            new FailingRuns(new DivergenceException("Training \"diverged\".\n  Lower \\ it.")),
            "train",
            JOB,
            "--log-format",
            "json");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out()).isEmpty();
    JsonNode line = only(run.err());
    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly("time", "level", "logger", "message", "exitCode");
    assertThat(OffsetDateTime.parse(line.get("time").asText())).isAfter(OffsetDateTime.MIN);
    assertThat(line.get("level").asText()).isEqualTo("ERROR");
    assertThat(line.get("logger").asText()).isEqualTo("dev.tessera.cli");
    assertThat(line.get("message").asText()).isEqualTo("Training \"diverged\".\n  Lower \\ it.");
    assertThat(line.get("exitCode").asInt()).isEqualTo(4);
  }

  @Test
  void aDefectHasItsStackInTheSameLine() {
    CommandRun run =
        CommandRun.of(
            new FailingRuns(new IllegalStateException("surprise")),
            "prepare",
            JOB,
            "--to",
            "x",
            "--log-format=json");
    assertThat(run.exitCode()).isEqualTo(1);
    JsonNode line = only(run.err());
    assertThat(line.get("message").asText())
        .startsWith("java.lang.IllegalStateException: surprise\n  This is a defect of Tessera.");
    assertThat(line.get("stack").asText())
        .startsWith("java.lang.IllegalStateException: surprise\n\tat dev.tessera.cli.");
  }

  @Test
  void aWrongCommandLineIsALineOfTheLog() {
    CommandRun run = CommandRun.of("preview", JOB, "--log-format", "json", "--out");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(only(run.err()).get("message").asText())
        .startsWith("Missing required parameter for option '--out'")
        .endsWith("  tessera preview --help lists what there is.");
  }

  @Test
  void warningsAndWhatEndsAThreadAreLinesToo() {
    StringWriter err = new StringWriter();
    Messages messages =
        Messages.of(
            new String[] {"train", "--log-format=json"},
            new PrintWriter(new StringWriter()),
            new PrintWriter(err));
    messages.warn("spark.x is late.");
    messages.uncaught(new IllegalStateException("thread"));
    List<JsonNode> lines = err.toString().lines().map(JsonFormsTest::only).toList();
    assertThat(lines.get(0).get("level").asText()).isEqualTo("WARN");
    assertThat(lines.get(0).get("message").asText()).isEqualTo("spark.x is late.");
    assertThat(lines.get(1).get("message").asText())
        .isEqualTo("java.lang.IllegalStateException: thread");
    assertThat(lines.get(1).get("stack").asText()).contains("\n\tat ");
    assertThat(lines).hasSize(2);
  }

  // --- The options

  @ParameterizedTest
  @CsvSource({
    "train, --log-format",
    "evaluate, --log-format",
    "prepare, --log-format",
    "preview, --log-format",
    "train, --output",
    "evaluate, --output"
  })
  void anotherFormIsAWrongCommandLine(String command, String option) {
    CommandRun run = CommandRun.of(command, JOB, option, "xml");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("tessera: " + option + " xml: there are text and json to choose from");
  }

  @ParameterizedTest
  @ValueSource(strings = {"summary", "report"})
  void commandsThatLogNothingHaveNeither(String command) {
    assertThat(CommandRun.of(command, JOB, "--log-format", "json").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of(command, JOB, "--output", "json").exitCode()).isEqualTo(2);
  }

  @Test
  void textIsTheDefaultAndCanBeNamed() {
    String text = CommandRun.of("evaluate", JOB, "--model", "m.zip").out();
    assertThat(
            CommandRun.of(
                    "evaluate", JOB, "--model", "m.zip", "--output", "text", "--log-format=text")
                .out())
        .isEqualTo(text);
  }

  /** The text is one line, which is an object. */
  private static JsonNode only(String text) {
    assertThat(text).hasLineCount(1);
    try {
      JsonNode json = JSON.readTree(text);
      assertThat(json.isObject()).as(text).isTrue();
      return json;
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
