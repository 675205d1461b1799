package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.error.JobException;
import dev.tessera.image.PictureFiles;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.run.RunFolder;
import dev.tessera.stats.Evaluation;
import io.findify.s3mock.S3Mock;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images from a store and the run folder on it: HDFS with a name node and a data node in this JVM,
 * and an S3 server in this JVM behind Hadoop's own s3a. What is trained there has the bits of what
 * is trained on local files.
 */
@Tag("stores")
class StoresIT {
  private static final String BUCKET = "tessera-test";
  private static final int SIDE = 12;
  private static final String SPECIAL = " a b é.png";

  /** The S3 server lists names percent-encoded without saying so, and then finds none of them. */
  private static final String PLAIN = ".png";

  @TempDir private static java.nio.file.Path folder;
  private static MiniDFSCluster hdfs;
  private static S3Mock s3;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws IOException {
    hdfs =
        new MiniDFSCluster.Builder(new Configuration(), folder.resolve("hdfs").toFile())
            .numDataNodes(1)
            .build();
    s3 = new S3Mock.Builder().withPort(0).withInMemoryBackend().build();
    int port = s3.start().localAddress().getPort();
    s3.p().createBucket(BUCKET, null);
    // As spark-submit hands them on: reports have no session.
    System.setProperty("spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:" + port);
    System.setProperty("spark.hadoop.fs.s3a.path.style.access", "true");
    // The server's files have no ETag once they are renamed.
    System.setProperty("spark.hadoop.fs.s3a.change.detection.version.required", "false");
    System.setProperty("spark.hadoop.fs.s3a.access.key", "test");
    System.setProperty("spark.hadoop.fs.s3a.secret.key", "test");
    spark =
        SparkSession.builder()
            .appName("tessera-stores")
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
    s3.shutdown();
    hdfs.shutdown();
  }

  @Test
  void trainsOnHdfsWhatItTrainsOnLocalFiles() throws IOException {
    assertTrainsThere(hdfs.getURI() + "/", SPECIAL);
  }

  @Test
  void trainsOnS3WhatItTrainsOnLocalFiles() throws IOException {
    assertTrainsThere("s3a://" + BUCKET + "/some/folder/", PLAIN);
  }

  private static void assertTrainsThere(String store, String ending) throws IOException {
    writePhotos(store + "photos", ending);
    String local = folder.toUri() + "local-" + store.substring(0, 3) + "/";
    writePhotos(local + "photos", ending);
    TrainedModel here = Tessera.on(spark).train(job(local));
    TrainedModel there = Tessera.on(spark).train(job(store));

    assertThat(parameters(there)).isEqualTo(parameters(here));
    assertThat(there.test()).isEqualTo(here.test());
    assertThat(files(store + "run")).isEqualTo(files(local + "run"));
    Evaluation again = Tessera.on(spark).evaluate(job(store), there.modelFile()).figures();
    assertThat(again).isEqualTo(there.test().orElseThrow());

    assertReports(store + "run", local + "run");
    assertThat(Tessera.on(spark).train(job(store)).origin())
        .isEqualTo(TrainedModel.Origin.EARLIER_RUN);
    assertThatThrownBy(
            () -> Tessera.on(spark).train(job(store, "dataset.train=\"" + store + "none\"")))
        .isInstanceOf(JobException.class);
    assertThatThrownBy(() -> Tessera.on(spark).evaluate(job(store), store + "none.zip"))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot find the model " + store + "none.zip. Give the path of a run's model.zip.");
  }

  /** Reports of the run, and of it beside another, in its folder. */
  private static void assertReports(String there, String here) throws IOException {
    fileSystem(there).delete(new Path(there, RunFolder.REPORT), false);
    assertThat(RunReports.write(List.of(there), null)).isEqualTo(there + "/report.html");
    assertThat(text(there + "/report.html")).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
    assertThat(RunReports.write(List.of(there, here), null)).isEqualTo(there + "/comparison.html");
    assertThat(text(there + "/comparison.html")).startsWith("<!DOCTYPE html>");
    assertThat(RunReports.text(List.of(there))).contains(there, "Did it learn?");
  }

  private static String text(String file) throws IOException {
    try (InputStream in = fileSystem(file).open(new Path(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A job whose images and run folder lie below that place. */
  private static Job job(String place, String... overrides) {
    return JobParser.parse(
        """
        run { dir = "%1$srun", seed = 7 }
        dataset { train = "%1$sphotos", testFraction = 0.2, maxBadFraction = 0.5 }
        image { height = 12, width = 12, channels = 3, scaling = standardise }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { batchNorm {} },
                           { flatten {} }, { dense = classes, activation = softmax } ] }
        training { epochs = 3, batchSize = 8, workers = 2, averagingFrequency = 2 }
        """
            .formatted(place),
        List.of(overrides));
  }

  /** 120 pictures in two classes and two depths, and one that is none. */
  private static void writePhotos(String place, String ending) throws IOException {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    FileSystem files = fileSystem(place);
    for (int i = 0; i < 120; i++) {
      for (int along = 0; along < SIDE; along++) {
        picture.setRGB(along, (i + along) % SIDE, 0x010203 * (i + along));
      }
      String name = i % 2 == 0 ? "/even/" + i + ".png" : "/odd/deeper/" + i + ending;
      write(files, place + name, PictureFiles.encode(picture, "png"));
    }
    write(files, place + "/odd/none.png", new byte[] {1});
  }

  private static void write(FileSystem files, String path, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = files.create(new Path(path))) {
      out.write(bytes);
    }
  }

  private static FileSystem fileSystem(String place) throws IOException {
    return new Path(place).getFileSystem(spark.sparkContext().hadoopConfiguration());
  }

  private static byte[] parameters(TrainedModel model) throws IOException {
    Path path = new Path(model.modelFile());
    try (InputStream in = fileSystem(model.modelFile()).open(path);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals("coefficients.bin")) {
          return zip.readAllBytes();
        }
      }
    }
    throw new IllegalStateException("No parameters in " + path);
  }

  /** Names below the folder, sorted. */
  private static List<String> files(String place) throws IOException {
    List<String> names = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> found = fileSystem(place).listFiles(new Path(place), true);
    while (found.hasNext()) {
      String path = found.next().getPath().toString();
      names.add(path.substring(path.indexOf("/run/") + 5));
    }
    names.sort(null);
    return names;
  }
}
