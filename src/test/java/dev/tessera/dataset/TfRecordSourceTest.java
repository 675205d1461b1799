package dev.tessera.dataset;

import static dev.tessera.dataset.TfRecords.bytes;
import static dev.tessera.dataset.TfRecords.concat;
import static dev.tessera.dataset.TfRecords.example;
import static dev.tessera.dataset.TfRecords.floats;
import static dev.tessera.dataset.TfRecords.framed;
import static dev.tessera.dataset.TfRecords.number;
import static dev.tessera.dataset.TfRecords.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class TfRecordSourceTest {
  @TempDir private Path root;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  @Test
  void readsImagesAndNumbersPlainAndGzip() throws Exception {
    byte[] bytes =
        framed(
            example("image/encoded", bytes("one"), "image/class/label", number(1)),
            example("image/class/label", packed(0, 5), "image/encoded", bytes("two")),
            example("image/encoded", bytes("three"), "height", number(7)),
            example("image/encoded", bytes(""), "image/class/label", number(-1)));
    for (Path file : List.of(write("a.tfrecord", bytes), write("b", IdxFiles.gzip(bytes)))) {
      String name = file.getFileName().toString();
      assertThat(Listings.classNames(spark, records(file))).containsExactly("0", "1");
      assertThat(Listings.list(spark, records(file)))
          .containsExactly(name + "#0 1", name + "#1 0", name + "#2 -1", name + "#3 -1");
      assertThat(Listings.read(spark, records(file)))
          .containsExactly(
              entry(name + "#0", "one"),
              entry(name + "#1", "two"),
              entry(name + "#2", "three"),
              entry(name + "#3", ""));
    }
  }

  @Test
  void takesTheTextWhereThereIsNoNumberAndFeaturesThatAreNamed() throws Exception {
    Path file =
        write(
            "a.tfrecord",
            framed(
                example("image/encoded", bytes("x"), "image/class/text", bytes("dog")),
                example(
                    "image/encoded", bytes("y"),
                    "image/class/text", bytes("cat"),
                    "kind", number(3))));
    assertThat(Listings.classNames(spark, records(file))).containsExactly("cat", "dog");
    assertThat(Listings.list(spark, records(file)))
        .containsExactly("a.tfrecord#0 1", "a.tfrecord#1 0");
    Location named = records(file, "image/class/text", "kind");
    assertThat(Listings.list(spark, named)).containsExactly("a.tfrecord#0 -1", "a.tfrecord#1 0");
    assertThat(Listings.read(spark, named)).containsEntry("a.tfrecord#1", "cat");
  }

  @Test
  void saysWhichFeaturesThereAreWhereTheImageIsMissingOrPixelsOfFloats() throws Exception {
    Path file =
        write(
            "floats.tfrecord",
            framed(example("image_floats", floats(0.5f, -0.5f), "image_class", number(3))));
    assertRefused(
        records(file),
        file,
        "record 0 has no feature image/encoded. Name it in dataset.features.image; there are"
            + " image_class (1 whole numbers), image_floats (2 floats).");
    assertRefused(
        records(file, "image_floats", "image_class"),
        file,
        "record 0 has 2 floats as image_floats. An image is the bytes of a picture file: write the"
            + " records anew, with encoded images.");
    Path labelled =
        write(
            "label.tfrecord",
            framed(example("image/encoded", bytes("x"), "image/class/label", floats(1f))));
    assertRefused(
        records(labelled),
        labelled,
        "record 0 has 1 floats as image/class/label. A label is a text or a whole number.");
  }

  @Test
  void noticesAFileThatIsCutAnywhere() throws Exception {
    byte[] one = example("image/encoded", bytes("one"), "image/class/label", number(1));
    byte[] whole = framed(one, one);
    int record = whole.length / 2;
    for (int length = record + 1; length < whole.length; length += 5) {
      Path file = write("cut.tfrecord", Arrays.copyOf(whole, length));
      assertRefused(
          records(file),
          file,
          "record 1, at byte "
              + record
              + ", is damaged: the file ends within it. Copy or download the file again.");
    }
  }

  @Test
  void checksLengthsAndData() throws Exception {
    byte[] whole = framed(example("image/encoded", bytes("one"), "image/class/label", number(1)));
    byte[] length = whole.clone();
    length[2] ^= 1;
    Path other = write("length.tfrecord", length);
    assertRefused(
        records(other),
        other,
        "record 0, at byte 0, is damaged: it does not begin with a record of TensorFlow's: is it one"
            + " of its files? Copy or download the file again.");
    byte[] data = whole.clone();
    data[whole.length - 8] ^= 1;
    Path file = write("data.tfrecord", data);
    assertThatThrownBy(() -> Listings.read(spark, records(file)))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.train = file:"
                + file
                + ": record 0, at byte 0, is damaged: the checksum of its data is wrong. Copy or"
                + " download the file again.");
    Path second = write("second.tfrecord", concat(whole, length));
    assertRefused(
        records(second),
        second,
        "record 1, at byte "
            + whole.length
            + ", is damaged: the checksum of its length is wrong. Copy or download the file again.");
  }

  @Test
  void refusesRecordsThatAreNoExamples() throws Exception {
    Path file =
        write("text.tfrecord", framed("some other record".getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> Listings.list(spark, records(file)))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "dataset.train = file:"
                + file
                + ": record 0, at byte 0, is damaged: it is no example of TensorFlow's (");
  }

  private void assertRefused(Location location, Path file, String message) {
    Listings.assertRefused(
        () -> Listings.list(spark, location), "dataset.train = file:" + file + ": " + message);
  }

  private static Location records(Path path) {
    return records(path, null, null);
  }

  private static Location records(Path path, @Nullable String image, @Nullable String label) {
    return new Location.TfRecord(List.of(path.toString()), image, label, ClassNames.NONE);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(root.resolve(name), bytes);
  }
}
