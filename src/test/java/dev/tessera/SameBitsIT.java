package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The assembly through the launcher: the same job gives the same bits on every cluster and on Spark
 * 3.5 and 4.1.
 */
class SameBitsIT {
  private static final String LOG_CLASSES =
      "spark.executor.extraJavaOptions=-Xlog:class+load:file=%s/classes-%%p.log";

  @TempDir private Path folder;
  private Path job;

  @BeforeEach
  void writeJob() throws IOException {
    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 1);
    job = folder.resolve("tiny.conf");
    Files.writeString(
        job,
        """
        run { dir = "%1$s/run", seed = 7 }
        dataset { format = idx, train = { images = "%2$s/data/images.gz", labels = "%2$s/data/labels.gz" },
                  validationFraction = 0.1, testFraction = 0.2 }
        image { height = 12, width = 12, channels = 1, scaling = standardise }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { pool = max, size = 2 },
                           { batchNorm {} }, { dropout = 0.25 }, { flatten {} }, { dense = classes, activation = softmax } ] }
        training { epochs = 4, batchSize = 16, workers = 2, averagingFrequency = 2, learningRate = 0.05 }
        """
            // Relative: executors have working folders of their own.
            .formatted(folder, Path.of("").toAbsolutePath().relativize(folder)));
  }

  @Test
  void givesTheSameBitsOnEveryMasterAndSpark() throws Exception {
    byte[] oneThread = train("one", Map.of(), "local[1]");
    // OpenMP's threads are those of a worker, whatever a shell has for other programs.
    assertThat(train("two", Map.of("OMP_NUM_THREADS", "3"), "local[2]")).isEqualTo(oneThread);
    assertThat(
            train(
                "cluster",
                Map.of(),
                "local-cluster[2,1,1024]",
                "--conf",
                LOG_CLASSES.formatted(folder)))
        .isEqualTo(oneThread);
    assertNoNd4jOnExecutors();
    assertThat(train("spark4", Map.of("TESSERA_SPARK_VERSION", "4.1.3"), "local[2]"))
        .isEqualTo(oneThread);
    assertThat(Files.readString(folder.resolve("spark4/manifest.json")))
        .contains("\"spark\" : \"4.1.3\"");
    // What every layer makes of images is as many bits again.
    assertThat(pictures("one")).contains("\"activations\"");
    for (String run : List.of("two", "cluster", "spark4")) {
      assertThat(pictures(run)).as(run).isEqualTo(pictures("one"));
    }

    Launcher.Result again =
        Launcher.run(
            Map.of(),
            "evaluate",
            job.toString(),
            "--model",
            folder.resolve("cluster/model.zip").toString(),
            "--master",
            "local[2]");
    assertThat(again.exitCode()).as(again.output()).isZero();
    String figures =
        Files.readAllLines(folder.resolve("one/train.log")).stream()
            .filter(line -> line.contains("test: accuracy"))
            .map(line -> line.substring(line.indexOf("accuracy")))
            .findFirst()
            .orElseThrow();
    assertThat(again.output()).contains(figures);
  }

  private String pictures(String run) throws IOException {
    return Files.readString(folder.resolve(run).resolve("pictures.json"));
  }

  /** The driver writes DL4J's file, by DL4J's classes; executors of the fast engine need none. */
  private void assertNoNd4jOnExecutors() throws IOException {
    try (DirectoryStream<Path> executors = Files.newDirectoryStream(folder, "classes-*.log")) {
      int trained = 0;
      for (Path executor : executors) {
        List<String> classes = Files.readAllLines(executor);
        assertThat(classes)
            .as(executor.toString())
            .noneMatch(
                line -> line.contains(" org.nd4j.") || line.contains(" org.deeplearning4j."));
        if (classes.stream().anyMatch(line -> line.contains("onednn.OneDnnReplica"))) {
          trained++;
        }
      }
      assertThat(trained).isEqualTo(2);
    }
  }

  private byte[] train(
      String run, Map<String, String> environment, String master, String... options)
      throws Exception {
    Path to = folder.resolve(run);
    List<String> line =
        new ArrayList<>(
            List.of("train", job.toString(), "--run-dir", to.toString(), "--master", master));
    line.addAll(List.of(options));
    Launcher.Result result = Launcher.run(environment, line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.output()).isZero();
    try (ZipFile model = new ZipFile(to.resolve("model.zip").toFile())) {
      ZipEntry parameters = model.getEntry("coefficients.bin");
      return model.getInputStream(parameters).readAllBytes();
    }
  }
}
