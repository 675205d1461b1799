package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertThat(train("two", Map.of(), "local[2]")).isEqualTo(oneThread);
    assertThat(train("cluster", Map.of(), "local-cluster[2,1,1024]")).isEqualTo(oneThread);
    assertThat(train("spark4", Map.of("TESSERA_SPARK_VERSION", "4.1.3"), "local[2]"))
        .isEqualTo(oneThread);
    assertThat(Files.readString(folder.resolve("spark4/manifest.json")))
        .contains("\"spark\" : \"4.1.3\"");

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

  private byte[] train(String run, Map<String, String> environment, String master)
      throws Exception {
    Path to = folder.resolve(run);
    Launcher.Result result =
        Launcher.run(
            environment, "train", job.toString(), "--run-dir", to.toString(), "--master", master);
    assertThat(result.exitCode()).as(result.output()).isZero();
    try (ZipFile model = new ZipFile(to.resolve("model.zip").toFile())) {
      ZipEntry parameters = model.getEntry("coefficients.bin");
      return model.getInputStream(parameters).readAllBytes();
    }
  }
}
