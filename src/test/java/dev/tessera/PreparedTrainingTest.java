package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.dataset.PackedForm;
import dev.tessera.image.PictureFiles;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From pictures of any size over packed files to a model. */
@ExtendWith(SparkSessionExtension.class)
class PreparedTrainingTest {
  private final SparkSession spark;
  @TempDir private Path folder;

  PreparedTrainingTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writePhotos() throws IOException {
    for (int i = 0; i < 60; i++) {
      write("dark/" + i + ".png", picture(i, 60));
      write("light/" + i + ".png", picture(i, 200));
    }
    write("dark/empty.png", new byte[0]);
    write("light/cut.png", Arrays.copyOf(picture(1, 200), 70));
    write("light/letter.jpg", new byte[] {'D', 'e', 'a', 'r'});
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve("photos").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] picture(int number, int brightness) {
    BufferedImage image =
        PictureFiles.pattern(9 + number % 5, 12 + number % 3, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 8; x++) {
      for (int y = 0; y < 8; y++) {
        image.setRGB(x, y, new Color(brightness, brightness, (number * 4) & 0xff).getRGB());
      }
    }
    return PictureFiles.encode(image, "png");
  }

  private Job job(String run, String... overrides) {
    return JobParser.parse(
        """
        run { name = tiny, dir = "%1$s/%2$s", seed = 7 }
        dataset { train = "%1$s/photos", validationFraction = 0.1, testFraction = 0.2, maxBadFraction = 0.1 }
        image { height = 10, width = 10, scaling = standardise }
        model { layers = [ { conv = 4, kernel = 3, activation = relu }, { globalPool = max },
                           { dense = classes, activation = softmax } ] }
        training { epochs = 3, batchSize = 8, workers = 2, averagingFrequency = 2, learningRate = 0.02 }
        """
            .formatted(folder, run),
        List.of(overrides));
  }

  private byte[] parameters(TrainedModel model) throws IOException {
    try (ZipFile zip = new ZipFile(model.modelFile())) {
      return zip.getInputStream(zip.getEntry("coefficients.bin")).readAllBytes();
    }
  }

  @Test
  void packedPixelsTrainTheSameBits() throws IOException {
    TrainedModel originals = Tessera.on(spark).train(job("originals"));
    Path packed = folder.resolve("packed");
    Tessera.on(spark).prepare(job("unused"), packed.toString());

    TrainedModel whole = Tessera.on(spark).train(job("whole", "dataset.train=" + packed));
    TrainedModel bySet =
        Tessera.on(spark)
            .train(
                job(
                    "by-set",
                    "dataset.train=" + packed + "/train",
                    "dataset.validation=" + packed,
                    "dataset.test=" + packed + "/test"));
    for (TrainedModel model : List.of(whole, bySet)) {
      assertThat(parameters(model)).isEqualTo(parameters(originals));
      assertThat(model.test()).isEqualTo(originals.test());
      assertThat(model.validation()).isEqualTo(originals.validation());
    }
    assertThat(
            Tessera.on(spark)
                .evaluate(job("again", "dataset.train=" + packed), originals.modelFile())
                .figures())
        .isEqualTo(originals.test().orElseThrow());
  }

  @Test
  void packedJpegFilesTrain() {
    Path packed = folder.resolve("packed");
    Tessera.on(spark).prepare(job("unused"), packed.toString(), new PackedForm(90));
    for (String cache : List.of("pixels", "encoded")) {
      TrainedModel model =
          Tessera.on(spark)
              .train(job("of-" + cache, "dataset.train=" + packed, "dataset.cache=" + cache));
      assertThat(model.rounds()).isPositive();
    }
  }

  @Test
  void aRunKeepsEveryImageThatItLeftOut() throws IOException {
    Tessera.on(spark).train(job("run"));
    List<Row> rows =
        spark
            .read()
            .parquet(folder.resolve("run/quarantine/bad-images.parquet").toString())
            .orderBy("origin")
            .select("origin", "label", "sizeBytes", "reason", "firstBytes")
            .collectAsList();
    assertThat(rows.stream().map(Row::toString))
        .satisfiesExactly(
            empty -> assertThat(empty).isEqualTo("[dark/empty.png,0,0,the file is empty,]"),
            cut -> assertThat(cut).startsWith("[light/cut.png,1,70,the PNG file is cut short"),
            letter ->
                assertThat(letter)
                    .isEqualTo(
                        "[light/letter.jpg,1,4,not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it"
                            + " starts with 44 65 61 72,44 65 61 72]"));
    assertThat(Files.readString(folder.resolve("run/train.log")))
        .contains(
            "WARN Left out of the ",
            " set: dark/empty.png (0 bytes): the file is empty",
            "WARN Left out: 3 images, ",
            "1 x the file is empty",
            ". See quarantine/bad-images.parquet.");
  }
}
