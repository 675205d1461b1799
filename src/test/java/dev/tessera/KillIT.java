package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that real signals end again and again, and the same command goes on with. */
class KillIT {
  private static final int SIGTERM_CODE = 143;
  private static final int SIGKILL_CODE = 137;
  private static final long LIMIT_SECONDS = 120;

  @TempDir private Path folder;
  private Path job = Path.of("");
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void writeJob() throws IOException {
    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 1);
    job = folder.resolve("tiny.conf");
    Files.writeString(
        job,
        """
        run { checkpointRounds = 7, checkpointsKept = 2, seed = 7 }
        dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" },
                  validationFraction = 0.1 }
        image { height = 12, width = 12, channels = 1, scaling = standardise }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { pool = max, size = 2 },
                           { batchNorm {} }, { dropout = 0.25 }, { flatten {} }, { dense = classes, activation = softmax } ] }
        training { epochs = 100, batchSize = 16, workers = 2, averagingFrequency = 2, learningRate = 0.01,
                   updater = adam, evaluateEvery = 10 }
        """
            .formatted(folder));
  }

  @Test
  void whateverEndsItTheSameCommandGoesOnToTheSameBits() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    assertThat(finish(start("whole"))).isZero();

    List<Integer> codes = new ArrayList<>();
    codes.add(end(start("killed"), () -> rounds("killed") > 0, Process::destroyForcibly));
    int before = rounds("killed");
    codes.add(end(start("killed"), () -> rounds("killed") > before, Process::destroy));
    long millis = 1000L + random.nextInt(8000);
    System.out.println("killed after " + millis + " ms");
    Process third = start("killed");
    if (!third.waitFor(millis, TimeUnit.MILLISECONDS)) {
      third.destroyForcibly();
      assertThat(finish(third)).isEqualTo(SIGKILL_CODE);
    }
    assertThat(codes).containsExactly(SIGKILL_CODE, SIGTERM_CODE);
    assertThat(finish(start("killed"))).isZero();

    assertThat(parameters("killed")).isEqualTo(parameters("whole"));
    String log = Files.readString(folder.resolve("killed/train.log"));
    assertThat(log)
        .contains("Going on from the checkpoint after round ")
        .containsPattern("Stopped by a signal after round [0-9]+. The same command goes on");
    assertThat(records("killed", "rounds.jsonl")).isEqualTo(records("whole", "rounds.jsonl"));
    assertThat(records("killed", "parameters.jsonl"))
        .isEqualTo(records("whole", "parameters.jsonl"));
    assertThat(finish(start("killed"))).as("a finished run").isZero();
    assertThat(Files.readString(folder.resolve("killed.out")))
        .contains("has finished before, after ");
  }

  /** Round of the last whole checkpoint, 0 without one. */
  private int rounds(String run) {
    try (Stream<Path> all = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return all.filter(checkpoint -> Files.exists(checkpoint.resolve("state.json")))
          .map(checkpoint -> checkpoint.getFileName().toString())
          .filter(name -> name.startsWith("round-"))
          .mapToInt(name -> Integer.parseInt(name.substring("round-".length())))
          .max()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private Process start(String run) throws IOException {
    File out = folder.resolve(run + ".out").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(
                "scripts/tessera",
                "train",
                job.toString(),
                "--run-dir",
                folder.resolve(run).toString(),
                "--master",
                "local[2]")
            .redirectErrorStream(true)
            .redirectOutput(out);
    builder.environment().remove("SPARK_HOME");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  @AfterEach
  void leaveNoneRunning() {
    started.forEach(Process::destroyForcibly);
  }

  private int finish(Process process) throws InterruptedException {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Ends the process once something is so. Returns its exit code. */
  private int end(
      Process process, BooleanSupplier when, java.util.function.Consumer<Process> signal)
      throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!when.getAsBoolean()) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("it ended by itself").isFalse();
      assertThat(System.nanoTime()).isLessThan(limit);
    }
    signal.accept(process);
    return finish(process);
  }

  private String parameters(String run) throws IOException {
    try (ZipFile model = new ZipFile(folder.resolve(run).resolve("model.zip").toFile())) {
      byte[] bytes = model.getInputStream(model.getEntry("coefficients.bin")).readAllBytes();
      return java.util.HexFormat.of().formatHex(bytes);
    }
  }

  /** Lines without times. */
  private List<String> records(String run, String file) throws IOException {
    return Files.readAllLines(folder.resolve(run).resolve(file)).stream()
        .map(line -> line.replaceAll("\"seconds\".*", "").replaceAll("\"imagesPerSecond\".*", ""))
        .toList();
  }
}
