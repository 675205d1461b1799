package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Runs of one small job by {@code scripts/tessera} in processes of their own, which a test does
 * something to. Its owner closes it, which ends those that still run.
 */
final class TinyRuns implements AutoCloseable {
  private static final long LIMIT_SECONDS = 120;

  private final Path folder;
  private final Path job;
  private final List<Process> started = new ArrayList<>();

  /**
   * @param folder for the images, the job, what the runs print, and the runs that have no other
   */
  TinyRuns(Path folder, int epochs) throws IOException {
    this.folder = folder;
    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 1);
    job = folder.resolve("tiny.conf");
    Files.writeString(
        job,
        """
        run { checkpointRounds = 7, checkpointsKept = 2, seed = 7, tensorboard = true }
        dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" },
                  validationFraction = 0.1 }
        image { height = 12, width = 12, channels = 1, scaling = standardise }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { pool = max, size = 2 },
                           { batchNorm {} }, { dropout = 0.25 }, { flatten {} }, { dense = classes, activation = softmax } ] }
        training { epochs = %2$d, batchSize = 16, workers = 2, averagingFrequency = 2, learningRate = 0.01,
                   updater = adam, evaluateEvery = 10 }
        """
            .formatted(folder, epochs));
  }

  Process start(Path run) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "scripts/tessera",
                "train",
                job.toString(),
                "--run-dir",
                run.toString(),
                "--master",
                "local[2]")
            .redirectErrorStream(true)
            .redirectOutput(printed(run));
    builder.environment().remove("SPARK_HOME");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private File printed(Path run) {
    return folder.resolve(run.getFileName() + ".out").toFile();
  }

  /** What the last process of a run has printed. */
  String output(Path run) throws IOException {
    return Files.readString(printed(run).toPath());
  }

  /** Waits for its end. Returns its exit code. */
  int finish(Process process) throws InterruptedException {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Waits until something is so while a process runs. */
  void await(Process process, BooleanSupplier what) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!what.getAsBoolean()) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("it ended by itself").isFalse();
      assertThat(System.nanoTime()).isLessThan(limit);
    }
  }

  /** Round of the last whole checkpoint, 0 without one. */
  int checkpoint(Path run) {
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
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

  /**
   * Parameters, and the records of rounds, parameters and histograms, for TensorBoard too, without
   * their times.
   */
  List<String> outcome(Path run) throws IOException {
    List<String> all = new ArrayList<>();
    try (ZipFile model = new ZipFile(run.resolve("model.zip").toFile())) {
      byte[] bytes = model.getInputStream(model.getEntry("coefficients.bin")).readAllBytes();
      all.add(HexFormat.of().formatHex(bytes));
    }
    for (String file : List.of("rounds.jsonl", "parameters.jsonl", "histograms.jsonl")) {
      for (String line : Files.readAllLines(run.resolve(file))) {
        all.add(line.replaceAll("\"(seconds|imagesPerSecond)\".*", ""));
      }
    }
    all.addAll(EventReader.figures(run));
    return all;
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
  }
}
