package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class CifarDatasetTest {
  private static final int PLANE = 32 * 32;

  @TempDir private Path folder;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  @Test
  void readsBatchesPlainAndGzip() {
    String one = write("data_batch_1.bin", records(30, 10));
    String two = write("data_batch_2.bin", IdxFiles.gzip(records(20, 10)));
    try (ImageDataset dataset = open(new Location.Cifar(List.of(one, two), 10))) {
      assertThat(dataset.classNames()).hasSize(10).startsWith("0", "1");
      assertThat(dataset.train().classCounts()).containsOnly(5).hasSize(10);
      // record 13: red 13, green 113, blue the column
      assertThat(Sets.view(dataset.train()).stream().flatMap(List::stream))
          .hasSize(50)
          .anyMatch(line -> line.startsWith("data_batch_1.bin#13 3 0d71000d71010d71020d7103"))
          .anyMatch(line -> line.startsWith("data_batch_2.bin#13 3 0d71000d7101"));
    }
  }

  @Test
  void takesTheFineLabelOfCifar100() {
    byte[] bytes = new byte[100 * (2 + 3 * PLANE)];
    for (int i = 0; i < 100; i++) {
      bytes[i * (2 + 3 * PLANE)] = 7;
      bytes[i * (2 + 3 * PLANE) + 1] = (byte) i;
    }
    try (ImageDataset dataset = open(new Location.Cifar(List.of(write("train.bin", bytes)), 100))) {
      assertThat(dataset.train().classCounts()).containsOnly(1).hasSize(100);
    }
  }

  @Test
  void refusesATruncatedFile() {
    byte[] whole = records(20, 10);
    String file = write("data_batch_1.bin", Arrays.copyOf(whole, whole.length - 73));
    assertFailure(
        new Location.Cifar(List.of(file), 10),
        "dataset.train = "
            + file
            + ": the file is truncated, or no CIFAR-10 file: it has 61387 bytes, and records have"
            + " 3073, so the last one lacks 73. Copy or download it again, or check"
            + " dataset.classes.");
  }

  @Test
  void refusesALabelOutOfRange() {
    String file = write("data_batch_1.bin", records(20, 12));
    assertFailure(
        new Location.Cifar(List.of(file), 10),
        "dataset.train = "
            + file
            + ": record 10 has label 10, but CIFAR-10 has labels 0 to 9. Check dataset.classes, or"
            + " download the file again.");
  }

  @Test
  void refusesFilesOfOneNameAndNoFiles() {
    assertFailure(
        new Location.Cifar(List.of("/a/data_batch_1.bin", "/b/data_batch_1.bin"), 10),
        "dataset.train = /b/data_batch_1.bin: /a/data_batch_1.bin has the same name, and names tell"
            + " images apart. Name every file once, or rename one.");
    assertFailure(
        new Location.Cifar(List.of(), 10),
        "dataset.train = []: no files. Name at least one, like data_batch_1.bin.");
  }

  @Test
  void refusesAnEmptyFile() {
    String file = write("data_batch_1.bin", new byte[0]);
    assertFailure(
        new Location.Cifar(List.of(file), 10),
        "dataset.train = [" + file + "]: no images. Put at least one there, or check the path.");
  }

  private void assertFailure(Location train, String message) {
    assertThatThrownBy(() -> open(train)).isInstanceOf(JobException.class).hasMessage(message);
  }

  private ImageDataset open(Location train) {
    return ImageDataset.open(spark, Sets.train(train), Sets.image(32, 32, 3), Sets.SEED, 2);
  }

  private String write(String name, byte[] bytes) {
    IdxFiles.write(folder.resolve(name), false, bytes);
    assertThat(Files.exists(folder.resolve(name))).isTrue();
    return folder.resolve(name).toString();
  }

  private static byte[] records(int count, int classes) {
    byte[] bytes = new byte[count * (1 + 3 * PLANE)];
    for (int i = 0; i < count; i++) {
      int at = i * (1 + 3 * PLANE);
      bytes[at] = (byte) (i % classes);
      Arrays.fill(bytes, at + 1, at + 1 + PLANE, (byte) i);
      Arrays.fill(bytes, at + 1 + PLANE, at + 1 + 2 * PLANE, (byte) (100 + i));
      for (int p = 0; p < PLANE; p++) {
        bytes[at + 1 + 2 * PLANE + p] = (byte) (p % 32);
      }
    }
    return bytes;
  }
}
