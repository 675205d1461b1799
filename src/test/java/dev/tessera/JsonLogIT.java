package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --log-format json} and {@code --output json} of real processes, as a scheduler sees them.
 */
class JsonLogIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] FORMS = {"--log-format", "json", "--output", "json"};

  @TempDir private Path folder;
  private Path job = Path.of("");
  private Path run = Path.of("");

  @BeforeEach
  void writeJob() throws IOException {
    TinyImages.writeIdx(folder.resolve("data"), 120, 4, 1);
    run = folder.resolve("run");
    job =
        Files.writeString(
            folder.resolve("tiny.conf"),
            """
            run.dir = "%1$s/run"
            dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" },
                      validationFraction = 0.1, testFraction = 0.2 }
            image { height = 12, width = 12, channels = 1 }
            model.layers = [ { flatten {} }, { dense = classes, activation = softmax } ]
            training { epochs = 2, batchSize = 16, workers = 2 }
            """
                .formatted(folder));
  }

  @Test
  void everyLineOfALogIsAnObjectAndSoIsTheResult() throws Exception {
    Launcher.Result result = train("scripts/tessera", "--master", "local[2]");
    assertThat(result.exitCode()).as(result.output()).isZero();
    List<JsonNode> lines = objects(result.err());
    assertThat(lines).allSatisfy(JsonLogIT::assertLine);
    List<JsonNode> records =
        lines.stream().filter(line -> line.has("record")).map(line -> line.get("record")).toList();
    // The same that rounds.jsonl has.
    assertThat(records).isEqualTo(objects(Files.readString(run.resolve("rounds.jsonl"))));
    assertThat(records).anyMatch(record -> record.get("kind").asText().equals("round"));
    assertThat(lines)
        .anyMatch(
            line ->
                line.get("logger").asText().equals("dev.tessera.run")
                    && line.get("message").asText().contains("\n  training "));

    JsonNode done = object(result.out());
    JsonNode evaluation = JSON.readTree(run.resolve("evaluation.json").toFile());
    assertThat(done.get("status").asText()).isEqualTo("done");
    assertThat(done.get("set").asText()).isEqualTo("test");
    for (String figure : List.of("examples", "accuracy", "top5", "loss")) {
      assertThat(done.get(figure)).isEqualTo(evaluation.get(figure));
    }
    assertThat(done.get("rounds").asInt()).isEqualTo(2);
    assertThat(done.get("seconds").asDouble()).isPositive();
    assertThat(done.get("model").asText()).isEqualTo(run + "/model.zip");

    // Plain spark-submit has no settings of the log, and the run is over: the same once more.
    Launcher.Result again = train("spark-submit");
    assertThat(again.exitCode()).as(again.output()).isZero();
    JsonNode before = object(again.out());
    assertThat(before.get("finishedBefore").asBoolean()).isTrue();
    for (String field :
        List.of("set", "examples", "accuracy", "loss", "rounds", "seconds", "model")) {
      assertThat(before.get(field)).isEqualTo(done.get(field));
    }
  }

  @Test
  void plainSparkSubmitLogsSoFromTesserasFirstLineOn() throws Exception {
    Launcher.Result result = train("spark-submit");
    assertThat(result.exitCode()).as(result.output()).isZero();
    List<String> lines = result.err().lines().toList();
    List<String> objects = lines.stream().dropWhile(line -> !line.startsWith("{")).toList();
    assertThat(objects.stream().map(JsonLogIT::object)).allSatisfy(JsonLogIT::assertLine);
    // What Spark says before it calls Tessera.
    assertThat(lines.size() - objects.size()).as(result.err()).isLessThan(3);
    assertThat(objects).anyMatch(line -> line.contains("\"record\":{"));
    assertThat(objects).noneMatch(line -> line.contains("Running Spark version"));
  }

  @Test
  void onlyTheFormChangesWhereTheUserHasConfiguredTheLog() throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("log4j2.properties"),
            """
            rootLogger.level = info
            rootLogger.appenderRef.own.ref = own
            appender.own.type = Console
            appender.own.name = own
            appender.own.target = SYSTEM_ERR
            appender.own.layout.type = PatternLayout
            appender.own.layout.pattern = OWN %m%n
            logger.tessera.name = dev.tessera
            logger.tessera.level = error
            """);
    Launcher.Result result =
        train(
            "scripts/tessera",
            "--master",
            "local[2]",
            "--driver-java-options",
            "-Dlog4j2.configurationFile=" + settings);
    assertThat(result.exitCode()).as(result.output()).isZero();
    List<String> lines = result.err().lines().toList();
    assertThat(lines).anyMatch(line -> line.contains("\"message\":\"Running Spark version "));
    assertThat(lines).noneMatch(line -> line.contains("dev.tessera.run"));
    assertThat(lines.stream().dropWhile(line -> line.startsWith("OWN ")).map(JsonLogIT::object))
        .allSatisfy(JsonLogIT::assertLine);
  }

  @Test
  void whatFailsIsTheLastLineOfTheLogAndTheResult() throws Exception {
    Launcher.Result result =
        train("scripts/tessera", "--set", "dataset.train.images=" + folder.resolve("none"));
    assertThat(result.exitCode()).as(result.output()).isEqualTo(2);
    List<JsonNode> lines = objects(result.err());
    assertThat(lines).allSatisfy(JsonLogIT::assertLine);
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.get("exitCode").asInt()).isEqualTo(2);
    assertThat(last.get("level").asText()).isEqualTo("ERROR");
    JsonNode failed = object(result.out());
    assertThat(failed.get("status").asText()).isEqualTo("failed");
    assertThat(failed.get("exitCode").asInt()).isEqualTo(2);
    assertThat(failed.get("message")).isEqualTo(last.get("message"));
    assertThat(last.get("message").asText())
        .startsWith("dataset.train.images = " + folder + "/none: ");
  }

  @Test
  void aSignalEndsTheLogInThatFormToo() throws Exception {
    List<String> options = new ArrayList<>(List.of(FORMS));
    options.addAll(List.of("--set", "training.epochs=100000"));
    try (BackgroundRun stopped =
        new BackgroundRun(job, run, "local[2]", options.toArray(String[]::new))) {
      stopped.until(() -> stopped.hasBegun(4));
      stopped.terminate();
      assertThat(stopped.exitCode()).as(stopped.output()).isEqualTo(143);
      // Of standard output and error together: if there was time, the result is among them.
      List<JsonNode> lines = objects(stopped.output());
      assertThat(lines)
          .anyMatch(
              line -> line.path("message").asText().startsWith("Stopped by a signal after round"))
          .noneMatch(line -> line.has("exitCode"))
          .filteredOn(line -> !line.has("status"))
          .allSatisfy(JsonLogIT::assertLine);
    }
  }

  @Test
  void aResultThatCannotBeWrittenIsAFailure() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "needs Linux's /dev/full");
    Launcher.Result result =
        Launcher.run(
            "bash",
            Map.of(),
            "-c",
            "scripts/tessera train \"$0\" --master local[2] --output json > /dev/full",
            job.toString());
    assertThat(result.exitCode()).as(result.output()).isEqualTo(5);
    assertThat(result.err()).contains("tessera: standard output: the result could not be written");
    assertThat(run.resolve("model.zip")).exists();
  }

  @Test
  void theLauncherSaysInThatFormWhatItHasToSay() throws Exception {
    Launcher.Result result =
        Launcher.run(
            Map.of("TESSERA_CACHE", "/proc/a \"b\""), "train", job.toString(), "--log-format=json");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    List<JsonNode> lines = objects(result.err());
    assertThat(lines).allSatisfy(JsonLogIT::assertLine);
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.get("logger").asText()).isEqualTo("scripts/tessera");
    assertThat(last.get("message").asText()).startsWith("cannot write /proc/a \"b\", where ");
  }

  private Launcher.Result train(String launcher, String... options) throws Exception {
    List<String> line = new ArrayList<>();
    if (launcher.equals("spark-submit")) {
      line.addAll(sparkSubmit());
    } else {
      line.add(launcher);
    }
    line.add("train");
    line.add(job.toString());
    line.addAll(List.of(FORMS));
    line.addAll(List.of(options));
    return Launcher.run(
        line.get(0),
        Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
        line.subList(1, line.size()).toArray(String[]::new));
  }

  /** As bin/spark-submit of a Spark starts it that nobody has configured. */
  private static List<String> sparkSubmit() throws Exception {
    // Assembles Spark where it is not yet there.
    assertThat(Launcher.run(Map.of(), "report", "none").exitCode()).isEqualTo(2);
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-Djdk."))
        .forEach(line::add);
    line.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            Path.of(".spark/3.5.9/jars").toAbsolutePath() + "/*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "local[2]",
            "--class",
            "dev.tessera.cli.Main",
            Path.of(System.getProperty("tessera.assembly")).toString()));
    return line;
  }

  private static void assertLine(JsonNode line) {
    assertThat(OffsetDateTime.parse(line.path("time").asText())).isAfter(OffsetDateTime.MIN);
    assertThat(line.path("level").asText()).isIn("ERROR", "WARN", "INFO");
    assertThat(line.path("logger").asText()).isNotEmpty();
    assertThat(line.path("message").asText()).isNotEmpty();
  }

  private static List<JsonNode> objects(String lines) {
    return lines.lines().map(JsonLogIT::object).toList();
  }

  private static JsonNode object(String line) {
    assertThat(line).hasLineCount(1);
    try {
      JsonNode json = JSON.readTree(line);
      assertThat(json.isObject()).as(line).isTrue();
      return json;
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
