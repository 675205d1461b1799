package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.ModelBits;
import dev.tessera.TinyImages;
import dev.tessera.dataset.TfRecords;
import dev.tessera.image.PictureFiles;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All commands and kinds of sources under Kryo, which refuses every class that is not registered:
 * the bits are those under Java's serialiser. The registrator is Tessera's own, which its sessions
 * name to Spark.
 */
class KryoTest {
  private static final List<String> KRYO =
      List.of(
          "--set",
          "spark.spark.serializer=org.apache.spark.serializer.KryoSerializer",
          "--set",
          "spark.spark.kryo.registrationRequired=true");

  private static CommandJvm jvm;
  @TempDir private static Path folder;

  @BeforeAll
  static void writeImages() throws IOException {
    jvm = new CommandJvm();
    RandomStream random = RandomStream.of(5, Purpose.AUGMENTATION, 1);
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      pictures.add(png(TinyImages.picture(random, i % 2)));
    }
    // Cut short: it is left out, and comes to the driver with its reason.
    pictures.set(3, Arrays.copyOf(pictures.get(3), 60));
    writeFolder(pictures);
    writeTar(pictures);
    writeParquet(pictures);
    writeRecords(pictures);
    writeCifar(random);
  }

  @AfterAll
  static void endJvm() throws IOException {
    jvm.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "folder, train = \"%s/photos\"",
        "folder, train = \"%s/photos\", cache = encoded",
        "folder, train = \"%s/photos\", cache = none",
        "manifest, train = \"%s/photos/list.csv\"",
        "tar, train = \"%s/photos.tar\"",
        "parquet, train = \"%s/photos.parquet\"",
        "table, train = \"parquet.`%s/photos.parquet`\"",
        "tfrecord, train = \"%s/photos.tfrecord\""
      })
  void everySourceGivesTheSameBits(String source) throws IOException {
    Path job = job("format = " + source.formatted(folder), "updater = adam, sampling = balanced");
    assertThat(assertSameBits(job).resolve("quarantine/bad-images.parquet")).exists();
  }

  /** Pixels as they are: no image can be bad. */
  @Test
  void cifarsFilesGiveTheSameBits() throws IOException {
    assertSameBits(
        job("format = cifar, train = [\"%s/photos.bin\"]".formatted(folder), "updater = adam"));
  }

  /** Replicas of more than 64 MB a round, which do not come to the driver. */
  @Test
  void largeReplicasGiveTheSameBits() throws IOException {
    Path job =
        job(
            "format = folder, train = \"%s/photos\"".formatted(folder),
            "updater = sgd",
            "{ flatten {} }, { dense = 30000, activation = relu }, { dense = 150, activation = relu }");
    assertSameBits(job);
  }

  @Test
  void packedImagesGiveTheSameBits() throws IOException {
    Path job = job("format = folder, train = \"%s/photos\"".formatted(folder), "updater = adam");
    String packed = folder.resolve("packed").toString();
    assertSucceeds("prepare", job.toString(), "--to", packed);
    Path plain = train(job, "--set", "dataset.train=" + packed);
    List<String> line =
        new ArrayList<>(List.of("prepare", job.toString(), "--to", packed + "-kryo"));
    line.addAll(KRYO);
    assertSucceeds(line.toArray(String[]::new));
    List<String> options = new ArrayList<>(List.of("--set", "dataset.train=" + packed + "-kryo"));
    options.addAll(KRYO);
    Path kryo = train(job, options.toArray(String[]::new));
    assertThat(ModelBits.of(kryo)).isEqualTo(ModelBits.of(plain));
  }

  @Test
  void evaluatesAndDraws() throws IOException {
    Path job = job("format = folder, train = \"%s/photos\"".formatted(folder), "updater = adam");
    Path run = train(job);
    List<String> line =
        new ArrayList<>(
            List.of("evaluate", job.toString(), "--model", run.resolve("model.zip").toString()));
    String java = assertSucceeds(line.toArray(String[]::new)).out();
    line.addAll(KRYO);
    assertThat(assertSucceeds(line.toArray(String[]::new)).out()).isEqualTo(java);
    line = new ArrayList<>(List.of("preview", job.toString(), "--out", folder + "/sheet.png"));
    line.addAll(KRYO);
    assertSucceeds(line.toArray(String[]::new));
  }

  private static Path assertSameBits(Path job) throws IOException {
    Path plain = train(job);
    Path kryo = train(job, KRYO.toArray(String[]::new));
    assertThat(ModelBits.of(kryo)).isEqualTo(ModelBits.of(plain));
    return kryo;
  }

  private static Path train(Path job, String... options) throws IOException {
    Path run = Files.createTempDirectory(folder, "run").resolve("run");
    List<String> line =
        new ArrayList<>(List.of("train", job.toString(), "--run-dir", run.toString()));
    line.addAll(List.of(options));
    assertSucceeds(line.toArray(String[]::new));
    return run;
  }

  private static CommandRun assertSucceeds(String... line) throws IOException {
    CommandRun result = jvm.run(line);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result;
  }

  private static Path job(String dataset, String training) throws IOException {
    return job(
        dataset,
        training,
        "{ conv = 4, kernel = 3, activation = relu }, { batchNorm {} }, { globalPool = max }");
  }

  private static Path job(String dataset, String training, String layers) throws IOException {
    Path job = Files.createTempFile(folder, "job", ".conf");
    Files.writeString(
        job,
        """
        run { seed = 7 }
        dataset { %s, validationFraction = 0.2, testFraction = 0.1, maxBadFraction = 0.1 }
        image { height = 12, width = 12, channels = 1, scaling = standardise }
        model.layers = [ %s, { dense = classes, activation = softmax } ]
        training { epochs = 2, batchSize = 8, workers = 2, averagingFrequency = 2, learningRate = 0.001, %s }
        """
            .formatted(dataset, layers, training));
    return job;
  }

  private static byte[] png(byte[] grey) {
    BufferedImage image =
        new BufferedImage(TinyImages.SIDE, TinyImages.SIDE, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, TinyImages.SIDE, TinyImages.SIDE, grey);
    return PictureFiles.encode(image, "png");
  }

  private static void writeFolder(List<byte[]> pictures) throws IOException {
    Path photos = folder.resolve("photos");
    StringBuilder list = new StringBuilder("path,label\n");
    for (int i = 0; i < pictures.size(); i++) {
      String name = (i % 2 == 0 ? "lying/" : "upright/") + i + ".png";
      Files.createDirectories(photos.resolve(name).getParent());
      Files.write(photos.resolve(name), pictures.get(i));
      list.append(name).append(i % 2 == 0 ? ",lying\n" : ",upright\n");
    }
    Files.writeString(photos.resolve("list.csv"), list);
  }

  private static void writeTar(List<byte[]> pictures) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (int i = 0; i < pictures.size(); i++) {
        member(tar, i + ".png", pictures.get(i));
        member(tar, i + ".cls", new byte[] {(byte) ('0' + i % 2)});
      }
    }
    Files.write(folder.resolve("photos.tar"), bytes.toByteArray());
  }

  private static void member(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void writeRecords(List<byte[]> pictures) throws IOException {
    List<byte[]> examples = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      examples.add(
          TfRecords.example(
              "image/encoded",
              TfRecords.bytes(pictures.get(i)),
              "image/class/label",
              TfRecords.number(i % 2)));
    }
    Files.write(
        folder.resolve("photos.tfrecord"), TfRecords.framed(examples.toArray(byte[][]::new)));
  }

  /** A label and 32 x 32 pixels in three planes each, of ten classes. */
  private static void writeCifar(RandomStream random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < 80; i++) {
      bytes.write(i % 10);
      for (int pixel = 0; pixel < 3 * 32 * 32; pixel++) {
        bytes.write(random.nextInt(256));
      }
    }
    Files.write(folder.resolve("photos.bin"), bytes.toByteArray());
  }

  /** As Hugging Face's writer names and types the columns. */
  private static void writeParquet(List<byte[]> pictures) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message schema { optional group image { optional binary bytes; optional binary path"
                + " (STRING); } optional int64 label; optional double"
                + " weight; optional boolean seen; optional int32 day (DATE); repeated float box; }");
    SimpleGroupFactory rows = new SimpleGroupFactory(schema);
    org.apache.hadoop.fs.Path path =
        new org.apache.hadoop.fs.Path(folder.resolve("photos.parquet").toUri());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(path, new Configuration()))
            .withType(schema)
            .build()) {
      for (int i = 0; i < pictures.size(); i++) {
        Group row = rows.newGroup();
        row.addGroup("image").append("bytes", Binary.fromConstantByteArray(pictures.get(i)));
        row.append("label", (long) (i % 2));
        writer.write(row);
      }
    }
  }
}
