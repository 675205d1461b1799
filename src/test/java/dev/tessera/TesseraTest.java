package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.error.DivergenceException;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.run.Resume;
import dev.tessera.stats.Evaluation;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.framework.Summary;
import org.tensorflow.proto.util.Event;

@ExtendWith(SparkSessionExtension.class)
class TesseraTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;
  @TempDir private Path folder;

  TesseraTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writeImages() throws IOException {
    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 1);
  }

  private Job job(String run, String... overrides) {
    String text =
        """
        run { name = tiny, dir = "%1$s/%2$s", seed = 7, parameterTableEvery = 3 }
        dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" },
                  validationFraction = 0.1, testFraction = 0.2 }
        image { height = 12, width = 12, channels = 1 }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { pool = max, size = 2 },
                           { batchNorm {} }, { flatten {} }, { dropout = 0.1 }, { dense = 16, activation = relu },
                           { dense = classes, activation = softmax } ] }
        training { epochs = 8, batchSize = 16, workers = 2, averagingFrequency = 2,
                   updater { name = nesterov, momentum = 0.9 }, learningRate = 0.02 }
        """
            .formatted(folder, run);
    return JobParser.parse(text, List.of(overrides));
  }

  @Test
  void trainsAndLeavesEverythingInTheRunFolder() throws IOException {
    TrainedModel model = Tessera.on(spark).train(job("one"));

    Path run = folder.resolve("one");
    int best = best(lines(run.resolve("rounds.jsonl")));
    try (Stream<Path> files = Files.walk(run)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> run.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "job.conf",
              "manifest.json",
              "summary.txt",
              "train.log",
              "rounds.jsonl",
              "parameters.jsonl",
              "histograms.jsonl",
              "pictures.json",
              "report.html",
              "evaluation.json",
              "model.zip",
              "checkpoints/best-%08d/state.json".formatted(best),
              "checkpoints/best-%08d/state.safetensors".formatted(best),
              "checkpoints/round-00000024/state.json",
              "checkpoints/round-00000024/state.safetensors");
    }
    assertThat(model.test().orElseThrow().accuracy()).isGreaterThan(0.9);
    List<JsonNode> rounds = lines(run.resolve("rounds.jsonl"));
    List<JsonNode> trained =
        rounds.stream().filter(line -> line.get("kind").asText().equals("round")).toList();
    assertThat(trained).hasSize(model.rounds());
    assertThat(meanLoss(trained.subList(trained.size() - 3, trained.size())))
        .isLessThan(meanLoss(trained.subList(0, 3)) / 2);
    assertThat(rounds.stream().filter(line -> line.get("kind").asText().equals("evaluation")))
        .hasSize(8);
    assertThat(lines(run.resolve("parameters.jsonl"))).hasSize(model.rounds());
    assertThat(Files.readString(run.resolve("train.log")))
        .contains(
            "epoch 8/8",
            "Parameters after round 3:",
            "conv1.weights",
            "Round 1 ran worker 0, 1 on");
    // The resolved job is the job.
    assertThat(JobParser.parse(Files.readString(run.resolve("job.conf")), List.of()).training())
        .isEqualTo(job("one").training());
  }

  @Test
  void writesAnEventFileForTensorBoardWhereTheJobSaysSo() throws IOException {
    TrainedModel model =
        Tessera.on(spark).train(job("board", "run.tensorboard=true", "training.epochs=2"));
    Path run = folder.resolve("board");
    try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
      assertThat(files).containsExactly(EventReader.of(run));
    }
    List<Event> events = EventReader.read(EventReader.of(run));
    Map<Long, Float> losses = new TreeMap<>();
    Map<Long, Float> accuracies = new TreeMap<>();
    for (JsonNode line : lines(run.resolve("rounds.jsonl"))) {
      boolean isRound = line.get("kind").asText().equals("round");
      (isRound ? losses : accuracies)
          .put(
              line.get("round").asLong(),
              (float) line.get(isRound ? "loss" : "accuracy").asDouble());
    }
    assertThat(scalars(events, "train/loss")).isEqualTo(losses).hasSize(model.rounds());
    assertThat(scalars(events, "validation/accuracy")).isEqualTo(accuracies).hasSize(2);
    assertThat(scalars(events, "test/accuracy"))
        .isEqualTo(Map.of((long) model.rounds(), (float) model.test().orElseThrow().accuracy()));
    assertThat(scalars(events, "divergence/dense2.bias")).hasSize(model.rounds());
    Map<String, Map<Long, List<Double>>> histograms = new TreeMap<>();
    for (JsonNode line : lines(run.resolve("histograms.jsonl"))) {
      for (JsonNode block : line.get("histograms")) {
        List<Double> counts = new ArrayList<>();
        block.get("counts").forEach(count -> counts.add(count.asDouble()));
        histograms
            .computeIfAbsent(
                block.get("layer").asText() + "/" + block.get("parameter").asText(),
                tag -> new TreeMap<>())
            .put(line.get("round").asLong(), counts);
      }
    }
    assertThat(histograms).containsKeys("conv1/weights", "batchNorm1/gamma", "dense2/bias");
    histograms.forEach(
        (tag, counts) ->
            assertThat(shown(events, tag, value -> value.getHisto().getBucketList()))
                .isEqualTo(counts));
  }

  private static Map<Long, Float> scalars(List<Event> events, String tag) {
    return shown(events, tag, Summary.Value::getSimpleValue);
  }

  /** What there is under a tag, by its step, which must not come twice. */
  private static <T> Map<Long, T> shown(
      List<Event> events, String tag, Function<Summary.Value, T> of) {
    Map<Long, T> shown = new TreeMap<>();
    for (Event event : events) {
      for (Summary.Value value : event.getSummary().getValueList()) {
        if (value.getTag().equals(tag)) {
          assertThat(shown.put(event.getStep(), of.apply(value))).isNull();
        }
      }
    }
    return shown;
  }

  /** The first of the rounds with the highest validation accuracy. */
  private static int best(List<JsonNode> rounds) {
    double accuracy = -1;
    int best = 0;
    for (JsonNode line : rounds) {
      if (line.path("accuracy").asDouble(-1) > accuracy) {
        accuracy = line.get("accuracy").asDouble();
        best = line.get("round").asInt();
      }
    }
    return best;
  }

  @Test
  void evaluatesAStoredModelToTheSameDigit() {
    TrainedModel model = Tessera.on(spark).train(job("stored"));

    EvaluatedModel again = Tessera.on(spark).evaluate(job("stored"), model.modelFile());

    assertThat(again).isEqualTo(new EvaluatedModel("test", model.test().orElseThrow()));
    for (String other : List.of("run.seed=8", "dataset.testFraction=0.4")) {
      assertThatThrownBy(() -> Tessera.on(spark).evaluate(job("stored", other), model.modelFile()))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("was trained on images that this job holds out")
          .hasMessageContaining(
              "run.seed = 7, dataset.testFraction = 0.2 and dataset.validationFraction = 0.1");
    }
  }

  private static final String[] AUGMENTED = {
    "image.augment={ randomCrop { padding = 1 }, erasing {}, mixup { alpha = 0.2 }, cutmix {} }",
    "training.epochs=2"
  };

  @Test
  void augmentsWhatItTrainsOnAndNeverWhatItEvaluates() throws IOException {
    TrainedModel model = Tessera.on(spark).train(job("augmented", AUGMENTED));
    TrainedModel again = Tessera.on(spark).train(job("again", AUGMENTED));
    TrainedModel plain = Tessera.on(spark).train(job("plain", "training.epochs=2"));

    assertThat(losses("again")).isEqualTo(losses("augmented")).isNotEqualTo(losses("plain"));
    assertThat(again.test()).isEqualTo(model.test()).isNotEqualTo(plain.test());
    for (String[] evaluation : List.of(AUGMENTED, new String[0])) {
      assertThat(
              Tessera.on(spark).evaluate(job("augmented", evaluation), model.modelFile()).figures())
          .isEqualTo(model.test().orElseThrow());
    }
  }

  private List<Double> losses(String run) throws IOException {
    return lines(folder.resolve(run + "/rounds.jsonl")).stream()
        .filter(line -> line.get("kind").asText().equals("round"))
        .map(line -> line.get("loss").asDouble())
        .toList();
  }

  @Test
  void balancesClassesByTheTrainingSetAndSaysHow() throws IOException {
    Tessera.on(spark).train(job("balanced", "training.classWeights=balanced", "training.epochs=1"));
    assertThat(Files.readString(folder.resolve("balanced/train.log")))
        .containsPattern("Class weights, balanced: 0 \\d\\.\\d+, 1 \\d\\.\\d+, 2 ");
    assertThat(losses("balanced")).isNotEmpty();
    assertThat(Files.readString(folder.resolve("balanced/job.conf")))
        .contains("classWeights = balanced");
  }

  @Test
  void drawsAContactSheetInPlaceOfAnother() throws IOException {
    Path file = Files.writeString(folder.resolve("sheet.png"), "old");
    PreviewSheet sheet = Tessera.on(spark).preview(job("unused", AUGMENTED), file.toString(), 6);
    assertThat(sheet.images()).isEqualTo(6);
    assertThat(sheet.classes()).isEqualTo(4);
    assertThat(sheet.draws()).isEqualTo(7);
    // Pictures of 12 are enlarged ten times.
    assertThat(javax.imageio.ImageIO.read(file.toFile()).getWidth()).isEqualTo(6 + 8 * 126);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "sheet.png");
    }
    assertThatThrownBy(() -> Tessera.on(spark).preview(job("unused"), folder + "/", 6))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("this names no file");
    assertThatThrownBy(() -> Tessera.on(spark).preview(job("unused"), file + "/below.png", 6))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("Cannot write " + file + "/below.png: ");
  }

  @Test
  void writesTheEvaluationOfAStoredModelAsTrainingDoes() throws IOException {
    TrainedModel model = Tessera.on(spark).train(job("trained", "training.epochs=1"));
    Path trained = folder.resolve("trained/evaluation.json");
    Path again = folder.resolve("again");

    Tessera.on(spark).evaluate(job("trained"), model.modelFile(), again.toString());

    assertThat(again.resolve("evaluation.json")).hasSameTextualContentAs(trained);
    try (Stream<Path> files = Files.list(again)) {
      assertThat(files).containsExactly(again.resolve("evaluation.json"));
    }
    EvaluatedModel validation =
        Tessera.on(spark)
            .evaluate(
                job("trained", "dataset.testFraction=0"), model.modelFile(), again.toString());
    assertThat(validation.set()).isEqualTo("validation");
    assertThat(JSON.readTree(again.resolve("evaluation.json").toFile()).get("set").asText())
        .isEqualTo("validation");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(
            () -> Tessera.on(spark).evaluate(job("trained"), model.modelFile(), file.toString()))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "Cannot write "
                + file
                + "/evaluation.json: FileAlreadyExistsException "
                + file
                + ". Check that the file system has room, can be reached, and lets this user write"
                + " there; everything written before is whole.");
  }

  @Test
  void takesNoMoreMemoryForAMinibatchThanTheLargestShardNeeds() throws IOException {
    TinyImages.writeIdx(folder.resolve("test"), 400, 4, 2);
    String test =
        "dataset.test={ images = \"%1$s/test/images.gz\", labels = \"%1$s/test/labels.gz\" }"
            .formatted(folder);
    TrainedModel model = Tessera.on(spark).train(job("huge", test, "training.batchSize=1000000"));

    String log = Files.readString(folder.resolve("huge/train.log"));
    int images =
        JSON.readTree(folder.resolve("huge/manifest.json").toFile())
            .at("/dataset/trainExamples")
            .asInt();
    int largest = (images + 1) / 2;
    assertThat(log.lines().map(line -> line.replaceFirst("^.* (INFO|WARN) +", "")))
        .containsOnlyOnce(
            "training.batchSize = 1000000 is more than any shard has: a minibatch is a whole shard,"
                + " of up to "
                + largest
                + " images")
        .contains(
            "Training: 8 epochs of 1 rounds, 2 workers, up to 2 minibatches of "
                + largest
                + " each a round");
    // Test shards are larger than those of training, and evaluated in minibatches of these.
    assertThat(Tessera.on(spark).evaluate(job("huge", test), model.modelFile()))
        .isEqualTo(new EvaluatedModel("test", model.test().orElseThrow()));
    TrainedModel exact =
        Tessera.on(spark).train(job("exact", test, "training.batchSize=" + largest));
    assertThat(parameters(exact)).isEqualTo(parameters(model));
    assertThat(exact.test()).isEqualTo(model.test());
    assertThat(Files.readString(folder.resolve("exact/train.log")))
        .doesNotContain("more than any shard has");
  }

  @Test
  void givesTheSameBitsTwice() throws IOException {
    TrainedModel first = Tessera.on(spark).train(job("first"));
    TrainedModel second = Tessera.on(spark).train(job("second"));

    assertThat(parameters(first)).isEqualTo(parameters(second));
    assertThat(first.test()).isEqualTo(second.test());
    TrainedModel other = Tessera.on(spark).train(job("other", "run.seed=8"));
    assertThat(parameters(other)).isNotEqualTo(parameters(first));
  }

  @Test
  void logsNamesOfClassesInOneLine() throws IOException {
    Tessera.on(spark)
        .train(job("named", "training.epochs=1", "dataset.classNames=[\"a\\nb\", c, d, e]"));
    assertThat(Files.readString(folder.resolve("named/train.log")))
        .containsPattern(
            "training .* images in shards of .*: a\\\\u000ab \\d+, c \\d+, d \\d+, e \\d+\n");
  }

  @Test
  void writesTheLossWithAndWithoutRegularisation() throws IOException {
    Tessera.on(spark).train(job("plain", "training.epochs=1"));
    Tessera.on(spark).train(job("regularised", "training.epochs=1", "training.l2=0.01"));
    for (JsonNode line : lines(folder.resolve("plain/rounds.jsonl"))) {
      assertThat(line.get("regularisedLoss"))
          .isEqualTo(line.get("kind").asText().equals("round") ? line.get("loss") : null);
    }
    JsonNode first = lines(folder.resolve("regularised/rounds.jsonl")).get(0);
    assertThat(first.get("regularisedLoss").asDouble()).isGreaterThan(first.get("loss").asDouble());
  }

  @Test
  void standardisesByTheMomentsOfTheTrainingSet() {
    TrainedModel model =
        Tessera.on(spark).train(job("standard", "image.scaling=standardise", "training.epochs=4"));
    assertThat(model.test().orElseThrow().accuracy()).isGreaterThan(0.6);
    assertThat(
            Tessera.on(spark)
                .evaluate(job("standard", "image.scaling=standardise"), model.modelFile())
                .figures())
        .isEqualTo(model.test().orElseThrow());
  }

  /** Joins, groups and every term of a step, from the job to the model file and back. */
  @Test
  void trainsAResidualNetworkAndEvaluatesItFromItsFile() throws IOException {
    String[] overrides = {
      "model={ layers = [ { conv = 8, kernel = 3, padding = same, activation = relu, name = stem },"
          + " { conv = 8, kernel = 3, padding = same, groups = depthwise, bias = false }, { batchNorm {} },"
          + " { activation = relu }, { conv = 8, kernel = 1, groups = 2, name = change },"
          + " { add = [change, stem], activation = relu, name = block }, { pool = max, size = 2 },"
          + " { pool = average, size = 2, from = stem, name = around }, { concat = [pool1, around] },"
          + " { globalPool = max }, { dense = classes, activation = softmax } ] }",
      "training.labelSmoothing=0.05",
      "training.classWeights=[1, 1.5, 1, 0.5]",
      "training.l1=1e-5",
      "training.l2=1e-4",
      "training.clipNorm=2",
      "training.clipValue=0.5",
      "training.epochs=16",
      "training.learningRate=0.05"
    };
    TrainedModel model = Tessera.on(spark).train(job("residual", overrides));

    assertThat(model.test().orElseThrow().accuracy()).isGreaterThan(0.8);
    assertThat(Tessera.on(spark).evaluate(job("residual", overrides), model.modelFile()).figures())
        .isEqualTo(model.test().orElseThrow());
    assertThat(Files.readString(folder.resolve("residual/summary.txt")))
        .contains("change, stem", "depthwise", "2 groups");
    assertThat(Files.readString(folder.resolve("residual/train.log")))
        .contains("change.weights2", "stem.bias", "conv2.weights");
    ComputationGraph plain =
        ModelSerializer.restoreComputationGraph(new File(model.modelFile()), true);
    assertThat(plain.getLayer("change.group2").getParam("W").shape())
        .isEqualTo(new long[] {4, 4, 1, 1});
  }

  @Test
  void refusesClassWeightsThatDoNotFitTheClasses() {
    assertThatThrownBy(
            () -> Tessera.on(spark).train(job("weights", "training.classWeights=[1, 2]")))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "training.classWeights has 2 numbers but the data set has 4 classes: ");
    assertThat(folder.resolve("weights")).doesNotExist();
  }

  @Test
  void trainsASigmoidForTwoClassesAndMeasuresItsRocCurve() throws IOException {
    TinyImages.writeIdx(folder.resolve("data"), 240, 2, 1);
    TrainedModel model =
        Tessera.on(spark)
            .train(
                job(
                    "sigmoid",
                    "model={ layers = [ { conv = 8, kernel = 3, activation = relu }, { globalPool = max },"
                        + " { dense = 1, activation = sigmoid } ] }"));
    Evaluation test = model.test().orElseThrow();
    assertThat(test.rocAuc().orElseThrow()).isGreaterThan(0.9);
    JsonNode json = JSON.readTree(folder.resolve("sigmoid/evaluation.json").toFile());
    assertThat(json.get("rocAuc").asDouble()).isEqualTo(test.rocAuc().orElseThrow());
    assertThat(json.get("confusion")).hasSize(2);
    assertThat(Tessera.on(spark).evaluate(job("sigmoid"), model.modelFile()).figures())
        .isEqualTo(test);
  }

  @Test
  void trainsOnDl4jsOwnTrainerAsABaseline() throws IOException {
    TrainedModel model =
        Tessera.on(spark)
            .train(
                job(
                    "baseline",
                    "training.trainer=dl4j",
                    "training.epochs=4",
                    "run.tensorboard=true"));
    assertThat(model.test().orElseThrow().accuracy()).isGreaterThan(0.5);
    assertThat(new File(model.modelFile())).exists();
    assertThat(Files.readString(folder.resolve("baseline/train.log")))
        .contains(
            "WARN run.tensorboard = true: training.trainer = dl4j records no rounds, so there is no"
                + " event file");
    assertThat(folder.resolve("baseline/tensorboard")).doesNotExist();
  }

  @Test
  void runsMoreWorkersThanTheMasterHasSlotsAndWarns() throws IOException {
    TrainedModel model =
        Tessera.on(spark).train(job("waves", "training.workers=5", "training.epochs=1"));
    assertThat(model.rounds()).isPositive();
    assertThat(Files.readString(folder.resolve("waves/train.log")))
        .contains(
            "WARN training.workers = 5 but local[2] has 2 slots: each round runs its workers in 3 waves");
  }

  /**
   * Pixels are bytes and can't be infinite, so images make a worker diverge by what they add to the
   * rate. Black ones have no gradient in a network without biases; white ones with labels that
   * contradict one another have, and one worker owns all of them.
   */
  @Test
  void aWorkerWhoseImagesMakeItDivergeIsLeftOutAndTheRunGoesOn() throws IOException {
    Path data = folder.resolve("poisoned");
    Set<Integer> poisoned = ofWorkerOne(60);
    TinyImages.writeIdx(data, 60, 2, image -> poisoned.contains(image) ? 255 : 0);
    String layers =
        "[{ flatten {} }, { dense = 16, bias = false, activation = leakyRelu },"
            + " { dense = classes, bias = false, activation = softmax }]";
    TrainedModel model =
        Tessera.on(spark)
            .train(
                job(
                    "poison",
                    "dataset.train={ images = \"%1$s/images.gz\", labels = \"%1$s/labels.gz\" }"
                        .formatted(data),
                    "dataset.validationFraction=0",
                    "dataset.testFraction=0",
                    "model.layers=" + layers,
                    "training.batchSize=1",
                    "training.averagingFrequency=100",
                    "training.learningRate=1e6"));
    assertThat(model.rounds()).isEqualTo(8);
    assertThat(lines(folder.resolve("poison/rounds.jsonl")))
        .hasSize(8)
        .allSatisfy(
            round -> {
              assertThat(round.get("excludedWorkers").toString())
                  .isEqualTo("[{\"worker\":1,\"reason\":\"its loss is not finite\"}]");
              assertThat(round.get("loss").asDouble()).isCloseTo(Math.log(2), offset(1e-6));
            });
    assertThat(Files.readString(folder.resolve("poison/train.log")))
        .contains(
            "WARN Worker 1 is left out of the average of round 8: its loss is not finite. If this goes"
                + " on, lower training.learningRate.");
  }

  /** Images of a file that worker 1 of two owns, under the seed of the job. */
  private static Set<Integer> ofWorkerOne(int images) {
    List<Integer> byRank =
        IntStream.range(0, images)
            .boxed()
            .sorted((a, b) -> Long.compareUnsigned(rankKey(a), rankKey(b)))
            .toList();
    return IntStream.range(0, images)
        .filter(rank -> rank % 2 == 1)
        .mapToObj(byRank::get)
        .collect(Collectors.toSet());
  }

  private static long rankKey(int image) {
    return RandomStream.hash64(7, Purpose.SHARD_RANK, "images.gz#" + image);
  }

  @Test
  void aReportThatCannotBeWrittenFailsNoRun() throws IOException {
    Path run = folder.resolve("unreported");
    Files.createDirectories(run.resolve("report.html/in the way"));
    TrainedModel model = Tessera.on(spark).train(job("unreported", "training.epochs=1"));
    assertThat(Path.of(model.modelFile())).exists();
    assertThat(Files.readString(run.resolve("train.log")))
        .contains("WARN The report could not be written: Cannot write " + run + "/report.html: ")
        .contains("scripts/tessera report " + run + " tries again.");
  }

  @Test
  void picturesAreOfTheFirstConvolutionAndOfRealMistakes() throws IOException {
    TrainedModel model = Tessera.on(spark).train(job("pictured", "training.epochs=1"));
    JsonNode pictures =
        new ObjectMapper().readTree(folder.resolve("pictured/pictures.json").toFile());
    assertThat(pictures.path("kernels").path("layer").asText()).isEqualTo("conv1");
    assertThat(pictures.path("kernels").path("png")).hasSize(8);
    Evaluation test = model.test().orElseThrow();
    long wrong = Math.round((1 - test.accuracy()) * test.examples());
    assertThat(pictures.path("mistakes")).hasSize((int) Math.min(16, wrong)).isNotEmpty();
    double before = 1;
    for (JsonNode mistake : pictures.path("mistakes")) {
      assertThat(mistake.path("label").asInt()).isNotEqualTo(mistake.path("predicted").asInt());
      assertThat(mistake.path("probability").asDouble()).isBetween(0.25, before);
      before = mistake.path("probability").asDouble();
      BufferedImage image =
          ImageIO.read(new ByteArrayInputStream(mistake.path("png").binaryValue()));
      assertThat(image.getWidth()).isEqualTo(12);
    }
  }

  @Test
  void activationsAreOfFourTestImagesLayerByLayer() throws IOException {
    TrainedModel model = Tessera.on(spark).train(job("shown", "training.epochs=1"));
    JsonNode activations = pictures("shown").path("activations");
    assertThat(activations.path("layers"))
        .extracting(layer -> layer.path("layer").asText() + layer.path("shape"))
        .containsExactly("conv1[12,12,8]", "pool1[6,6,8]", "batchNorm1[6,6,8]", "dense1[16]");
    assertThat(activations.path("images"))
        .extracting(image -> image.path("label").asInt())
        .containsExactly(0, 1, 2, 3);
    for (JsonNode image : activations.path("images")) {
      assertThat(image.path("origin").asText()).startsWith("images.gz#");
      assertThat(size(image)).isEqualTo("12 x 12");
      JsonNode probabilities = image.path("probabilities");
      assertThat(probabilities).hasSize(4);
      double sum = 0;
      for (JsonNode one : probabilities) {
        sum += one.path("probability").asDouble();
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
      assertThat(image.path("layers"))
          .extracting(TesseraTest::size)
          .containsExactly("96 x 12", "48 x 6", "48 x 6", "1 x 16");
      // A relu's least value.
      assertThat(image.path("layers").get(0).path("least").asDouble()).isZero();
      assertThat(image.path("layers").get(0).path("largest").asDouble()).isPositive();
    }
    assertThat(model.test().orElseThrow().shown()).hasSize(4);
    assertThat(Files.readString(folder.resolve("shown/report.html"))).contains("batchNorm1");
  }

  private JsonNode pictures(String run) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(run).resolve("pictures.json").toFile());
  }

  private static String size(JsonNode picture) {
    try {
      BufferedImage image =
          ImageIO.read(new ByteArrayInputStream(picture.path("png").binaryValue()));
      return image.getHeight() + " x " + image.getWidth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void activationsDependOnNothingButTheModelAndTheSet() throws IOException {
    Tessera.on(spark).train(job("first", "training.epochs=1"));
    Tessera.on(spark).train(job("second", "training.epochs=1"));
    Tessera.on(spark).train(job("encoded", "training.epochs=1", "dataset.cache=encoded"));
    assertThat(pictures("second")).isEqualTo(pictures("first")).isEqualTo(pictures("encoded"));
    // The other engine shows the same images; its values EngineContract compares.
    Tessera.on(spark).train(job("nd4j", "training.epochs=1", "training.engine=nd4j"));
    JsonNode reference = pictures("nd4j").path("activations").path("images");
    JsonNode images = pictures("first").path("activations").path("images");
    assertThat(images).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(reference.get(i).path("origin")).isEqualTo(images.get(i).path("origin"));
      assertThat(reference.get(i).path("layers")).hasSameSizeAs(images.get(i).path("layers"));
    }
  }

  @Test
  void stopsWhenTrainingDivergesAndSaysSoInTheRunFolder() throws IOException {
    assertThatThrownBy(() -> Tessera.on(spark).train(job("wild", "training.learningRate=1e6")))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining(
            "training.learningRate is 1000000.0, after 3 attempts at a lower one, the last at ");
    assertThat(Files.readString(folder.resolve("wild/train.log")))
        .contains("WARN The run stopped before its end: Training diverged in round ");
    assertThat(folder.resolve("wild/model.zip")).doesNotExist();
    assertThat(folder.resolve("wild/report.html"))
        .content()
        .contains("when this was written", "run again at a lower learning rate");
  }

  @Test
  void refusesTheFolderOfAnotherJob() {
    Tessera.on(spark).train(job("taken", "training.epochs=1"));
    assertThatThrownBy(
            () -> Tessera.on(spark).train(job("taken", "training.epochs=2", "run.seed=5")))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "run.dir = "
                + folder
                + "/taken holds a run of another job: run.seed is 5, was 7; training.epochs is 2, was 1."
                + " Start it as it was begun to go on with it, or give this one a folder of its own with"
                + " --run-dir DIR.");
    assertThatThrownBy(
            () ->
                Tessera.on(spark)
                    .train(job("taken", "training.epochs=1"), Progress.SILENT, Resume.NEVER))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("/taken already holds a run, a finished one.");
    assertThatThrownBy(() -> Tessera.on(spark).train(job("none"), Progress.SILENT, Resume.REQUIRE))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("--resume require: run.dir = " + folder + "/none holds no run.");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void aFinishedRunIsFoundFinished() {
    TrainedModel first = Tessera.on(spark).train(job("over", "training.epochs=1"));
    TrainedModel again = Tessera.on(spark).train(job("over", "training.epochs=1"));
    assertThat(again.origin()).isEqualTo(TrainedModel.Origin.EARLIER_RUN);
    assertThat(again.rounds()).isEqualTo(first.rounds());
    assertThat(again.modelRound()).isEqualTo(first.modelRound()).isEqualTo(again.rounds());
    assertThat(again.seconds()).isEqualTo(first.seconds());
    assertThat(again.stoppedEarly()).isFalse();
    Evaluation test = first.test().orElseThrow();
    assertThat(again.heldOut())
        .contains(
            new EvaluatedModel(
                "test",
                new Evaluation(
                    test.examples(),
                    test.accuracy(),
                    test.top5(),
                    test.loss(),
                    test.rocAuc(),
                    test.classes(),
                    test.confusion(),
                    List.of(),
                    List.of())));
    assertThat(again.validation()).isEmpty();
    assertThat(again.classNames()).isEqualTo(first.classNames());
    assertThat(folder.resolve("over/run.lock")).doesNotExist();
  }

  /** As it is when a version has a key that the one before did not have. */
  @Test
  void whatTheJobOfARunDoesNotSayIsTheDefault() throws IOException {
    Tessera.on(spark).train(job("older", "training.epochs=1"));
    Path own = folder.resolve("older/job.conf");
    String whole = Files.readString(own);
    Files.writeString(own, whole.replace("  rollbacks = 3\n", ""));
    assertThat(Files.readString(own)).isNotEqualTo(whole);
    assertThat(Tessera.on(spark).train(job("older", "training.epochs=1")).origin())
        .isEqualTo(TrainedModel.Origin.EARLIER_RUN);
    assertThatThrownBy(
            () ->
                Tessera.on(spark).train(job("older", "training.epochs=1", "training.rollbacks=2")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("holds a run of another job: training.rollbacks is 2, was 3.");
  }

  @Test
  void aRunThatStoppedGoesOnToTheSameBits() throws IOException {
    String[] often = {
      "run.checkpointRounds=1",
      "run.checkpointsKept=100",
      "training.epochs=3",
      "run.tensorboard=true"
    };
    Tessera.on(spark).train(job("whole", often));
    Path whole = folder.resolve("whole");
    List<JsonNode> rounds = lines(whole.resolve("rounds.jsonl"));
    for (int done : new int[] {0, 1, 3, 4, 9}) {
      Path stopped = folder.resolve("stopped-" + done);
      stoppedAfter(done, whole, stopped);
      // The half one after them is not what is kept.
      String[] few = {often[0], "run.checkpointsKept=1", often[2], often[3]};
      TrainedModel model = Tessera.on(spark).train(job("stopped-" + done, few));
      assertThat(model.rounds()).isEqualTo(9);
      assertThat(state(stopped.resolve("model.zip"))).isEqualTo(state(whole.resolve("model.zip")));
      List<JsonNode> again = lines(stopped.resolve("rounds.jsonl"));
      assertThat(again.stream().map(line -> line.get("kind") + " " + line.get("round")))
          .isEqualTo(
              rounds.stream().map(line -> line.get("kind") + " " + line.get("round")).toList());
      assertThat(again.stream().map(line -> line.get("loss")))
          .isEqualTo(rounds.stream().map(line -> line.get("loss")).toList());
      assertThat(lines(stopped.resolve("parameters.jsonl"))).hasSize(9);
      assertThat(EventReader.figures(stopped)).isEqualTo(EventReader.figures(whole));
    }
  }

  @Test
  void aRunThatGoesOnMayBeginOrLeaveOffToWriteForTensorBoard() throws IOException {
    String[] often = {"run.checkpointRounds=1", "run.checkpointsKept=100", "training.epochs=3"};
    Tessera.on(spark).train(job("whole", often));
    Path stopped = folder.resolve("stopped");
    stoppedAfter(4, folder.resolve("whole"), stopped);
    Tessera.on(spark).train(job("stopped", often[0], often[1], often[2], "run.tensorboard=true"));
    List<Event> events = EventReader.read(EventReader.of(stopped));
    assertThat(events.stream().map(Event::getStep).distinct())
        .containsExactly(0L, 5L, 6L, 7L, 8L, 9L);

    Path again = folder.resolve("again");
    stoppedAfter(4, folder.resolve("whole"), again);
    Path file = EventReader.of(again);
    Files.createDirectories(file.getParent());
    Files.copy(EventReader.of(stopped), file);
    Tessera.on(spark).train(job("again", often));
    assertThat(file).hasSameBinaryContentAs(EventReader.of(stopped));
  }

  @Test
  void aRunThatCannotGoOnIsRefusedAsItLies() throws IOException {
    Job job = job("refused", "training.epochs=1");
    Tessera.on(spark).train(job);
    Path run = folder.resolve("refused");
    Files.delete(run.resolve("model.zip"));
    Map<String, String> before = contents(run);

    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 2);
    assertThatThrownBy(() -> Tessera.on(spark).train(job))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "run.dir = " + run + ": its checkpoint is of other data: trainHash is ");
    assertThat(contents(run)).isEqualTo(before);

    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 1);
    Path state = run.resolve("checkpoints/round-00000003/state.json");
    Files.writeString(state, Files.readString(state).replace("\"schema\" : 1", "\"schema\" : 9"));
    before = contents(run);
    assertThatThrownBy(() -> Tessera.on(spark).train(job))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(run + "/checkpoints/round-00000003 is a checkpoint of schema 9, ");
    assertThat(contents(run)).isEqualTo(before);

    Files.delete(state);
    before = contents(run);
    assertThatThrownBy(() -> Tessera.on(spark).train(job, Progress.SILENT, Resume.REQUIRE))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(" holds a run without a whole checkpoint.");
    assertThat(contents(run)).isEqualTo(before);
  }

  /** What every file of a run holds, as digits. */
  private static Map<String, String> contents(Path run) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            run.relativize(file).toString(),
            java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  void aRunThatStopsEarlyEndsWithItsBestStateHoweverOftenItStopped() throws IOException {
    String[] early = {
      "run.checkpointRounds=1",
      "run.checkpointsKept=100",
      "training.epochs=30",
      // A share of 1 can't rise by more than that often.
      "training.earlyStopping={ patience = 2, minDelta = 0.3 }"
    };
    TrainedModel model = Tessera.on(spark).train(job("whole", early));
    Path whole = folder.resolve("whole");
    List<JsonNode> rounds = lines(whole.resolve("rounds.jsonl"));
    JsonNode finished = JSON.readTree(whole.resolve("manifest.json").toFile()).get("finished");
    int best = finished.get("modelRound").asInt();
    int end = finished.get("rounds").asInt();
    assertThat(end).isEqualTo(model.rounds()).isEqualTo(best + 6).isLessThan(90);
    assertThat(model.modelRound()).isEqualTo(best);
    assertThat(model.stoppedEarly()).isTrue();
    assertThat(finished.get("stoppedEarly").asBoolean()).isTrue();
    assertThat(Tessera.on(spark).train(job("whole", early)).stoppedEarly()).isTrue();
    JsonNode evaluation =
        rounds.stream()
            .filter(line -> line.has("accuracy") && line.get("round").asInt() == best)
            .findFirst()
            .orElseThrow();
    Evaluation validation = model.validation().orElseThrow();
    assertThat(validation.accuracy()).isEqualTo(evaluation.get("accuracy").asDouble());
    assertThat(validation.loss()).isEqualTo(evaluation.get("loss").asDouble());
    assertThat(Files.readString(whole.resolve("train.log")))
        .contains(
            "Stopped early after epoch %d: validation accuracy has not risen by more than 0.3 above "
                .formatted(end / 3),
            " (epoch %d) for 2 evaluations".formatted(best / 3),
            "The model is that of epoch %d, the best one".formatted(best / 3));
    assertThat(whole.resolve("checkpoints/best-%08d/state.json".formatted(best))).exists();
    for (int done : new int[] {1, best, best + 1, best + 3, end}) {
      Path stopped = folder.resolve("stopped-" + done);
      stoppedAfter(done, whole, stopped);
      TrainedModel again = Tessera.on(spark).train(job("stopped-" + done, early));
      assertThat(again.rounds()).isEqualTo(end);
      assertThat(state(stopped.resolve("model.zip"))).isEqualTo(state(whole.resolve("model.zip")));
      assertThat(again.test()).isEqualTo(model.test());
      assertThat(again.validation()).isEqualTo(model.validation());
      assertThat(
              lines(stopped.resolve("rounds.jsonl")).stream()
                  .map(line -> line.get("round") + " " + line.get("loss") + line.get("bestRound")))
          .isEqualTo(
              rounds.stream()
                  .map(line -> line.get("round") + " " + line.get("loss") + line.get("bestRound"))
                  .toList());
      assertThat(Files.readString(stopped.resolve("train.log"))).contains("Stopped early after");
    }
  }

  @Test
  void stoppingEarlyTakesImagesToEvaluateOn() {
    assertThatThrownBy(
            () ->
                Tessera.on(spark)
                    .train(
                        job("few", "dataset.validationFraction=1e-6", "training.earlyStopping={}")))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "training.earlyStopping needs a validation set, and dataset.validationFraction = 1.0E-6 of"
                + " these images comes to none. Make it larger, give dataset.validation, or leave"
                + " training.earlyStopping out.");
    assertThat(folder.resolve("few")).doesNotExist();
  }

  /** A folder as a run leaves it that dies somewhat after a checkpoint. */
  private static void stoppedAfter(int done, Path run, Path stopped) throws IOException {
    for (String name : List.of("job.conf", "manifest.json", "rounds.jsonl", "parameters.jsonl")) {
      Files.createDirectories(stopped);
      Files.writeString(
          stopped.resolve(name),
          Files.readString(run.resolve(name)).replace("\"finished\"", "\"never\""));
    }
    if (Files.exists(EventReader.of(run))) {
      Files.createDirectories(EventReader.of(stopped).getParent());
      Files.copy(EventReader.of(run), EventReader.of(stopped));
    }
    for (int round = 1; round <= done; round++) {
      String checkpoint = "checkpoints/round-%08d/".formatted(round);
      Files.createDirectories(stopped.resolve(checkpoint));
      for (String name : List.of("state.json", "state.safetensors")) {
        Files.copy(run.resolve(checkpoint + name), stopped.resolve(checkpoint + name));
      }
    }
    // Its lock, and a checkpoint that it did not come to the end of.
    Files.writeString(
        stopped.resolve("run.lock"),
        "{\"host\":\"%s\",\"pid\":1,\"started\":1}"
            .formatted(java.net.InetAddress.getLocalHost().getHostName()));
    Path half = Files.createDirectories(stopped.resolve("checkpoints/round-00000077"));
    Files.write(half.resolve("state.safetensors.tmp"), new byte[100]);
  }

  /** Parameters and updater state of a model file. */
  private static List<String> state(Path model) throws IOException {
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(model.toFile())) {
      List<String> state = new ArrayList<>();
      for (String name : List.of("coefficients.bin", "updaterState.bin")) {
        byte[] bytes = zip.getInputStream(zip.getEntry(name)).readAllBytes();
        state.add(java.util.HexFormat.of().formatHex(bytes));
      }
      return state;
    }
  }

  @Test
  void aRunFolderThatCannotBeWrittenShowsBeforeImagesAreRead() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(
            () ->
                Tessera.on(spark)
                    .train(job("file/run", "dataset.train.images=" + folder.resolve("nowhere"))))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "Cannot write "
                + file
                + "/run/run.lock: "
                + file
                + "/run: Not a directory. Check that the file system has room, can be reached, and lets this user write"
                + " there; everything written before is whole.");
  }

  @Test
  void aRunThatDoesNotBeginLeavesItsFolderAsItWas() throws IOException {
    String nowhere = "dataset.train.images=" + folder.resolve("nowhere");
    Path own = Files.createDirectory(folder.resolve("own"));
    assertThatThrownBy(() -> Tessera.on(spark).train(job("own", nowhere)))
        .isInstanceOf(JobException.class);
    assertThat(own).isEmptyDirectory();
    assertThatThrownBy(() -> Tessera.on(spark).train(job("begun", nowhere)))
        .isInstanceOf(JobException.class);
    assertThat(folder.resolve("begun")).doesNotExist();
    assertThat(Tessera.on(spark).train(job("begun", "training.epochs=1")).rounds()).isPositive();
  }

  @Test
  void refusesAModelThatDoesNotFitTheClasses() {
    assertThatThrownBy(
            () ->
                Tessera.on(spark)
                    .train(
                        job(
                            "misfit",
                            "model={ layers = [ { flatten {} }, { dense = 3, activation = softmax } ] }")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("has 3 outputs but the data set has 4 classes");
    assertThat(folder.resolve("misfit")).doesNotExist();
  }

  @Test
  void refusesAModelWhoseInputDoesNotFitTheImages() {
    TrainedModel model = Tessera.on(spark).train(job("small", "training.epochs=1"));
    assertThatThrownBy(
            () -> Tessera.on(spark).evaluate(job("small", "image.height=16"), model.modelFile()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("12 x 12 x 1")
        .hasMessageContaining("16 x 12 x 1");
  }

  private static double meanLoss(List<JsonNode> rounds) {
    return rounds.stream()
        .mapToDouble(round -> round.get("loss").asDouble())
        .average()
        .orElseThrow();
  }

  @Test
  void refusesAModelFileWhoseDescriptionIsDamaged() throws IOException {
    TrainedModel model = Tessera.on(spark).train(job("whole", "training.epochs=1"));
    assertDamaged(model, "tessera/model.json", "{}");
    assertDamaged(model, "tessera/job.conf", "model {");
  }

  private void assertDamaged(TrainedModel model, String entry, String content) throws IOException {
    Path copy = folder.resolve("damaged.zip");
    Files.copy(Path.of(model.modelFile()), copy, StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem zip = FileSystems.newFileSystem(copy)) {
      Files.writeString(zip.getPath(entry), content);
    }
    assertThatThrownBy(() -> Tessera.on(spark).evaluate(job("whole"), copy.toString()))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "Cannot read the model "
                + copy
                + ": tessera/job.conf and tessera/model.json in it are damaged: ")
        .hasMessageEndingWith(
            ". Give the model.zip of a finished run; copy it again if it was copied.");
  }

  @Test
  void namesAFileSystemThatCannotBeUsed() {
    assertThatThrownBy(() -> Tessera.on(spark).evaluate(job("remote"), "s3a://bucket/model.zip"))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot use the path s3a://bucket/model.zip: ")
        .hasMessageContaining("S3AFileSystem not found");
  }

  private static float[] parameters(TrainedModel model) throws IOException {
    MultiLayerNetwork network =
        ModelSerializer.restoreMultiLayerNetwork(new File(model.modelFile()), true);
    return network.params().dup().data().asFloat();
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(TesseraTest::json).toList();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new IllegalStateException(line, e);
    }
  }
}
