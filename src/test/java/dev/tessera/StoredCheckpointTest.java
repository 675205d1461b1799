package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.engine.ReplicaState;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.round.CheckpointWriter;
import dev.tessera.round.GlobalState;
import dev.tessera.run.Checkpoint;
import dev.tessera.run.Checkpoints;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.Resume;
import dev.tessera.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints as released versions wrote them. */
@ExtendWith(SparkSessionExtension.class)
class StoredCheckpointTest {
  private static final Path STORED = Path.of("src/test/resources/checkpoints");

  /** Jobs of stored checkpoints name it: relative, so that they hold on every machine. */
  private static final Path DATA = Path.of("target/stored-checkpoint");

  private static final float[] PARAMETERS = {
    -0.5963801f,
    0.19621333f,
    0.8528582f,
    0.36819708f,
    0.5316603f,
    0.3068375f,
    0.106159404f,
    -0.66220295f,
    -1.0126402f,
    -0.4672963f,
    1.1379787f,
    0.070708945f,
    -0.6509249f,
    0.21745226f,
    0.83430207f,
    -1.0826437f,
    -0.6927476f,
    -0.79072034f,
    -1.0652846f,
    1.0652846f
  };

  private static final float[] UPDATER_STATE = {
    -0.0052898508f,
    0.0012751028f,
    -0.003280401f,
    -0.0068421676f,
    -0.00017120817f,
    -0.0023098353f,
    -0.007830956f,
    0.0034951514f,
    0.0008705935f,
    -0.00750834f,
    -0.0007651292f,
    0.00062224956f,
    -0.004832143f,
    0.0033158131f,
    0.0015114442f,
    -0.00048919464f,
    -0.0017956912f,
    0.0042509856f,
    -0.011675769f,
    0.011675769f
  };

  private static final float[] BEST_PARAMETERS = {
    -0.47927213f,
    0.22620201f,
    0.91898215f,
    0.39097387f,
    0.48848468f,
    0.22472873f,
    0.010824113f,
    -0.64997053f,
    -1.0153161f,
    -0.4275408f,
    1.012203f,
    0.08737859f,
    -0.53595805f,
    0.15147269f,
    0.6825196f,
    -1.0914314f,
    -0.5339907f,
    -0.8742365f,
    -0.7993353f,
    0.7993353f
  };

  private static final float[] BEST_UPDATER_STATE = {
    -0.011286945f,
    0.0010253887f,
    -0.0027889179f,
    -0.015992489f,
    0.0077063004f,
    0.010693406f,
    -0.0057029002f,
    0.0047786934f,
    0.003895336f,
    -0.016059734f,
    0.0041257613f,
    -0.00085039635f,
    -0.011486657f,
    0.0031456118f,
    0.008941425f,
    0.00032141473f,
    -0.009239677f,
    0.0036257256f,
    -0.014943466f,
    0.014943466f
  };

  private final SparkSession spark;
  @TempDir private Path folder;

  StoredCheckpointTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeAll
  static void writeImages() throws IOException {
    TinyImages.writeIdx(DATA, 160, 2, 1);
  }

  private static Checkpoint latest(Path run) {
    return new Checkpoints(RunFolder.at(new LocalStorage(), run.toString()), 1)
        .latest(
            warning -> {
              throw new AssertionError(warning);
            })
        .orElseThrow();
  }

  /**
   * Its first round was run again at a millionth of the learning rate. After epoch 4 it classified
   * the whole validation set, after 5 and 6 it was no better, and it was written within epoch 7.
   */
  @Test
  void everyValueOf010IsRead() throws IOException {
    Path run = STORED.resolve("0.1.0");
    Checkpoint checkpoint = latest(run);
    assertThat(checkpoint.round()).isEqualTo(13);
    assertThat(checkpoint.tensors().keySet())
        .containsExactly(
            "parameters", "updaterState", "outerState", "bestParameters", "bestUpdaterState");
    GlobalState state = CheckpointWriter.state(checkpoint);
    assertThat(state.round()).isEqualTo(13);
    assertThat(state.rollbacks()).isEqualTo(1);
    assertThat(state.outerState().values()).isEmpty();
    assertThat(state.replica().parameters()).isEqualTo(PARAMETERS);
    assertThat(state.replica().updaterState()).isEqualTo(UPDATER_STATE);
    assertThat(state.best().round()).isEqualTo(8);
    assertThat(state.best().value()).isEqualTo(1);
    assertThat(state.best().evaluationsSince()).isEqualTo(2);
    assertThat(state.modelRound()).isEqualTo(8);
    assertThat(state.model().parameters()).isEqualTo(BEST_PARAMETERS);
    assertThat(state.model().updaterState()).isEqualTo(BEST_UPDATER_STATE);

    JsonNode json = checkpoint.state();
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "schema", "round", "crc32c", "epoch", "rollbacks", "earlyStopping", "identity");
    assertThat(json.get("schema").asInt()).isEqualTo(1);
    assertThat(json.get("round").asInt()).isEqualTo(13);
    assertThat(json.get("crc32c").asText()).isEqualTo("ab992f34");
    assertThat(json.get("epoch").asInt()).isEqualTo(7);
    assertThat(json.get("rollbacks").asInt()).isEqualTo(1);
    assertThat(json.get("earlyStopping").toString())
        .isEqualTo(
            "{\"bestRound\":8,\"bestValue\":1.0,\"evaluationsSince\":2,\"restoreBest\":true}");
    JsonNode identity = json.get("identity");
    assertThat(identity.fieldNames())
        .toIterable()
        .containsExactly(
            "tessera", "job", "trainHash", "validationHash", "network", "engine", "instructionSet");
    assertThat(identity.get("tessera").asText()).isEqualTo("0.1.0");
    assertThat(identity.get("job").asText()).isEqualTo(Files.readString(run.resolve("job.conf")));
    assertThat(identity.get("trainHash").asText()).isEqualTo("332d63d08737edf2");
    assertThat(identity.get("validationHash").asText()).isEqualTo("d941ebcb39b7a4e6");
    assertThat(identity.get("network").asText()).isEqualTo("custom");
    assertThat(identity.get("engine").asText()).isEqualTo("onednn");
    assertThat(identity.get("instructionSet").asText()).isEqualTo("avx512_bf16");
  }

  /** Nothing is better than all of the validation set: on any processor it ends with that state. */
  @Test
  void aRunGoesOnFrom010ToItsEnd() throws IOException {
    Path run = folder.resolve("run");
    copy(STORED.resolve("0.1.0"), run);
    Job job = JobParser.parse(Files.readString(run.resolve("job.conf")), List.of("run.dir=" + run));
    TrainedModel model = Tessera.on(spark).train(job, Progress.SILENT, Resume.REQUIRE);
    assertThat(model.rounds()).isEqualTo(14);
    ReplicaState state = ModelFiles.read(new LocalStorage(), model.modelFile()).state();
    assertThat(state.parameters()).isEqualTo(BEST_PARAMETERS);
    assertThat(state.updaterState()).isEqualTo(BEST_UPDATER_STATE);
    assertThat(model.validation().orElseThrow().accuracy()).isEqualTo(1);
    assertThat(Files.readString(run.resolve("train.log")))
        .contains(
            "Going on from the checkpoint after round 13",
            "Stopped early after epoch 7: validation accuracy has not risen above 1.0000 (epoch 4)"
                + " for 3 evaluations",
            "The model is that of epoch 4, the best one");
    List<String> lines = Files.readAllLines(run.resolve("rounds.jsonl"));
    assertThat(lines).hasSize(2);
    JsonNode round = new ObjectMapper().readTree(lines.get(0));
    assertThat(round.get("round").asInt()).isEqualTo(14);
    assertThat(round.get("learningRate").asDouble()).isEqualTo(1e5 * 1e-6);
  }

  private static void copy(Path stored, Path run) throws IOException {
    try (var files = Files.walk(stored)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = run.resolve(stored.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  /**
   * Makes that of the version that is built, before its release, by {@code mvn clean test
   * -Dtest=StoredCheckpointTest -Dtessera.checkpoint=write}: a run that rolls back once and stops
   * early, as it was one round before its end. Never in place of one that is there.
   */
  @Test
  @EnabledIfSystemProperty(named = "tessera.checkpoint", matches = "write")
  void writesThatOfThisVersion() throws IOException {
    Path stored = STORED.resolve(Version.CURRENT);
    assertThat(stored).as("kept for good").doesNotExist();
    Path run = DATA.resolve("run");
    Job job =
        JobParser.parse(
            """
            run { name = stored, dir = "%1$s/run", seed = 1, checkpointRounds = 1, checkpointsKept = 1000 }
            dataset { format = idx, train = { images = "%1$s/images.gz", labels = "%1$s/labels.gz" }, validationFraction = 0.1 }
            image { height = 12, width = 12, channels = 1, scaling = standardise }
            model { layers = [ { conv = 1, kernel = 3, activation = relu }, { globalPool = max }, { dense = 2, activation = relu },
                               { dense = classes, activation = softmax } ] }
            training { epochs = 40, batchSize = 8, workers = 2, averagingFrequency = 6, updater { name = nesterov, momentum = 0.5 },
                       learningRate = 1e5, l2 = 0.01, rollbackFactor = 1e-6, earlyStopping { patience = 3 } }
            """
                .formatted(DATA),
            List.of());
    TrainedModel model = Tessera.on(spark).train(job, Progress.SILENT, Resume.NEVER);
    String last = "checkpoints/round-%08d".formatted(model.rounds() - 1);
    copy(run.resolve(last), stored.resolve(last));
    Files.copy(run.resolve("job.conf"), stored.resolve("job.conf"));
    GlobalState state = CheckpointWriter.state(latest(stored));
    assertThat(state.rollbacks()).isEqualTo(1);
    assertThat(state.best().value()).isEqualTo(1);
    assertThat(state.best().evaluationsSince()).isEqualTo(2);
  }
}
