package dev.tessera.soak;

import dev.tessera.TinyImages;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Many rounds of a small network on executors of their own, and what the processes hold. */
public final class LongRun {
  private static final int ROUNDS_OF_EPOCH = 4;
  private static final int SAMPLES = 40;
  private static final int PLOT_HEIGHT = 8;
  private static final List<String> NAMES =
      List.of(
          "driver's heap after collection",
          "driver's process",
          "Spark's storage, all processes",
          "executor's process",
          "executor's process");

  private LongRun() {}

  /** What was held at some rounds, in megabytes of 1,000,000 bytes. */
  public static final class Curve {
    private final String name;
    private final double[] rounds;
    private final double[] megabytes;

    String name() {
      return name;
    }

    private Curve(String name, double[] rounds, double[] megabytes) {
      this.name = name;
      this.rounds = rounds;
      this.megabytes = megabytes;
    }

    /**
     * Megabytes that the second half grows by in a thousand rounds: the slope of the median of
     * slopes between pairs (Theil and Sen), which single collections don't move.
     */
    public double growth() {
      List<Double> slopes = new ArrayList<>();
      for (int i = rounds.length / 2; i < rounds.length; i++) {
        for (int j = i + 1; j < rounds.length; j++) {
          slopes.add(1000 * (megabytes[j] - megabytes[i]) / (rounds[j] - rounds[i]));
        }
      }
      double[] sorted = slopes.stream().mapToDouble(slope -> slope).sorted().toArray();
      return sorted[sorted.length / 2];
    }

    private String line() {
      return String.format(
          Locale.ROOT,
          "%-32s  %9.1f  %9.1f  %9.1f  %+9.3f",
          name,
          megabytes[0],
          megabytes[megabytes.length / 2],
          megabytes[megabytes.length - 1],
          growth());
    }

    private void plot(PrintStream out) {
      double top = Arrays.stream(megabytes).max().orElse(1);
      out.printf("%s, 0 to %.0f MB%n", name, top);
      for (int row = PLOT_HEIGHT; row > 0; row--) {
        StringBuilder line = new StringBuilder("  |");
        for (double value : megabytes) {
          line.append(Math.round(PLOT_HEIGHT * value / top) >= row ? '#' : ' ');
        }
        out.println(line.toString().stripTrailing());
      }
      out.println("  +" + "-".repeat(megabytes.length) + " " + (int) rounds[rounds.length - 1]);
    }
  }

  /** Runs it, and shows the curves as a table and as plots. */
  public static List<Curve> run(Path folder, int rounds, PrintStream out) throws IOException {
    Path record = folder.toAbsolutePath().resolve("memory.txt");
    train(folder.toAbsolutePath(), rounds, record);
    List<double[]> samples =
        Files.readAllLines(record).stream()
            .map(line -> Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble))
            .map(numbers -> numbers.toArray())
            .toList();
    List<Curve> curves = new ArrayList<>();
    for (int at = 0; at < NAMES.size(); at++) {
      int column = at + 1;
      curves.add(
          new Curve(
              NAMES.get(at),
              samples.stream().mapToDouble(sample -> sample[0]).toArray(),
              samples.stream().mapToDouble(sample -> sample[column]).toArray()));
    }
    out.printf(
        "%-32s  %9s  %9s  %9s  %s%n", "MB", "at first", "half way", "at last", "per 1,000 rounds");
    curves.forEach(curve -> out.println(curve.line()));
    curves.forEach(curve -> curve.plot(out));
    return curves;
  }

  private static void train(Path folder, int rounds, Path record) throws IOException {
    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 1);
    Path job = folder.resolve("long.conf");
    Files.writeString(
        job,
        """
        run { checkpointRounds = 100, seed = 7 }
        dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" },
                  validationFraction = 0.1 }
        image { height = 12, width = 12, channels = 1 }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { pool = max, size = 2 },
                           { batchNorm {} }, { dropout = 0.25 }, { flatten {} }, { dense = classes, activation = softmax } ] }
        training { epochs = %2$d, batchSize = 32, workers = 2, averagingFrequency = 1, learningRate = 0.002,
                   updater = adam, evaluateEvery = 25 }
        """
            .formatted(folder, rounds / ROUNDS_OF_EPOCH));
    ProcessBuilder builder =
        new ProcessBuilder(
                "scripts/tessera",
                "train",
                job.toString(),
                "--run-dir",
                folder.resolve("run").toString(),
                "--master",
                "local-cluster[2,1,1024]",
                "--conf",
                "spark.driver.extraClassPath=" + Path.of("target/test-classes").toAbsolutePath(),
                "--conf",
                "spark.extraListeners=" + MemoryListener.class.getName(),
                "--conf",
                MemoryListener.RECORD + "=" + record,
                "--conf",
                MemoryListener.EVERY + "=" + rounds / SAMPLES,
                // All heaps are there from the beginning: what a process grows by is not heap.
                "--driver-memory",
                "1024m",
                "--driver-java-options",
                "-Xms1024m -XX:+AlwaysPreTouch",
                "--conf",
                "spark.executor.extraJavaOptions=-Xms1024m -XX:+AlwaysPreTouch")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("long.out").toFile());
    builder.environment().remove("SPARK_HOME");
    Process process = builder.start();
    try {
      if (!process.waitFor(30, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(
            "The run did not end well: " + Files.readString(folder.resolve("long.out")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /**
   * Runs it.
   *
   * @param arguments folder, rounds
   */
  public static void main(String[] arguments) throws IOException {
    run(Path.of(arguments[0]), Integer.parseInt(arguments[1]), System.out);
  }
}
