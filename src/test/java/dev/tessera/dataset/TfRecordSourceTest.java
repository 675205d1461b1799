package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
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
        records(
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
            records(
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
            records(example("image_floats", floats(0.5f, -0.5f), "image_class", number(3))));
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
            records(example("image/encoded", bytes("x"), "image/class/label", floats(1f))));
    assertRefused(
        records(labelled),
        labelled,
        "record 0 has 1 floats as image/class/label. A label is a text or a whole number.");
  }

  @Test
  void noticesAFileThatIsCutAnywhere() throws Exception {
    byte[] one = example("image/encoded", bytes("one"), "image/class/label", number(1));
    byte[] whole = records(one, one);
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
    byte[] whole = records(example("image/encoded", bytes("one"), "image/class/label", number(1)));
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
        write("text.tfrecord", records("some other record".getBytes(StandardCharsets.UTF_8)));
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

  /** Records in TensorFlow's framing. */
  private static byte[] records(byte[]... all) {
    byte[] bytes = new byte[0];
    for (byte[] data : all) {
      byte[] length = little(8).putLong(data.length).array();
      bytes = concat(bytes, length, checksum(length), data, checksum(data));
    }
    return bytes;
  }

  private static byte[] checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long value = crc.getValue();
    long turned = ((value >>> 15) | (value << 17)) & 0xffffffffL;
    return little(4).putInt((int) (turned + 0xa282ead8L)).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** An example of features, name and value in turn; all lengths are below 128. */
  private static byte[] example(Object... features) {
    byte[] map = new byte[0];
    for (int i = 0; i < features.length; i += 2) {
      byte[] name = ((String) features[i]).getBytes(StandardCharsets.UTF_8);
      map = concat(map, field(1, concat(field(1, name), field(2, (byte[]) features[i + 1]))));
    }
    return field(1, map);
  }

  private static byte[] bytes(String text) {
    return field(1, field(1, text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static byte[] floats(float... values) {
    byte[] packed = new byte[4 * values.length];
    ByteBuffer to = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      to.putFloat(value);
    }
    return field(2, field(1, packed));
  }

  private static byte[] number(long value) {
    return field(3, concat(new byte[] {8}, varint(value)));
  }

  private static byte[] packed(long... values) {
    byte[] all = new byte[0];
    for (long value : values) {
      all = concat(all, varint(value));
    }
    return field(3, field(1, all));
  }

  private static byte[] field(int number, byte[] content) {
    return concat(new byte[] {(byte) (8 * number + 2)}, varint(content.length), content);
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
