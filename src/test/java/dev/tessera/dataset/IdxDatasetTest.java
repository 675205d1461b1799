package dev.tessera.dataset;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class IdxDatasetTest {
  @TempDir private Path folder;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  @Test
  void readsEveryRecordOnceWithItsLabelAndPixels() {
    Location.Idx location = IdxFiles.write(folder, 100, 10);
    try (ImageDataset dataset = open(Sets.train(location), 3)) {
      assertThat(dataset.classNames())
          .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
      assertThat(dataset.train().examplesPerShard()).hasSize(3);
      assertThat(dataset.train().examplesPerShard()).containsExactly(34, 33, 33);
      assertThat(dataset.train().classCounts()).containsOnly(10).hasSize(10);
      assertThat(dataset.train().badImages()).isEmpty();
      assertThat(dataset.validation()).isNull();
      assertThat(dataset.test()).isNull();
      assertThat(Sets.view(dataset.train()).stream().flatMap(List::stream))
          .hasSize(100)
          .doesNotHaveDuplicates()
          .contains("images-idx3-ubyte#77 7 " + "4d".repeat(6));
    }
  }

  @Test
  void readsGzipAndPlainAlikeAndTheSameEveryTime() throws Exception {
    Location.Idx gzip = IdxFiles.write(folder, 50, 3, 2, 5, true);
    Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
    // The name is part of the origin, so a plain file under the same name has the same shards.
    Location.Idx plain =
        new Location.Idx(
            unpacked.resolve("images-idx3-ubyte.gz").toString(),
            unpacked.resolve("labels-idx1-ubyte.gz").toString());
    Files.write(Path.of(plain.images()), IdxFiles.images(50, 3, 2));
    Files.write(Path.of(plain.labels()), IdxFiles.labels(50, 5));
    List<List<String>> first = shards(gzip);
    assertThat(shards(gzip)).isEqualTo(first);
    assertThat(shards(plain)).isEqualTo(first);
  }

  @Test
  void holdsOutByFractionWithoutLosingOrDoublingAnyImage() {
    Location.Idx location = IdxFiles.write(folder, 400, 4);
    try (ImageDataset dataset = open(Sets.settings(location, null, 0.25, 0.25), 2)) {
      Set<String> train = origins(dataset.train());
      Set<String> validation = origins(requireNonNull(dataset.validation()));
      Set<String> test = origins(requireNonNull(dataset.test()));
      assertThat(train.size() + validation.size() + test.size()).isEqualTo(400);
      train.addAll(validation);
      train.addAll(test);
      assertThat(train).hasSize(400);
      assertThat(validation).hasSizeBetween(60, 140);
      assertThat(test).hasSizeBetween(60, 140);
    }
  }

  @Test
  void keepsImagesOnTheirSideWhenOthersAreAdded() {
    Set<String> before;
    Set<String> after;
    try (ImageDataset few = open(Sets.settings(IdxFiles.write(folder, 200, 4), null, 0, 0.3), 2)) {
      before = origins(requireNonNull(few.test()));
    }
    try (ImageDataset many = open(Sets.settings(IdxFiles.write(folder, 300, 4), null, 0, 0.3), 3)) {
      after = origins(requireNonNull(many.test()));
    }
    assertThat(after).containsAll(before);
    after.removeAll(before);
    assertThat(after).isNotEmpty().allMatch(origin -> number(origin) >= 200);
  }

  @Test
  void takesASeparateTestSetWhole() throws Exception {
    Location.Idx train = IdxFiles.write(folder, 40, 4);
    Path other = Files.createDirectory(folder.resolve("test"));
    Location.Idx test = IdxFiles.write(other, 10, 3);
    // testFraction is without effect beside a test set
    try (ImageDataset dataset = open(Sets.settings(train, test, 0, 0.5), 2)) {
      assertThat(dataset.train().examples()).isEqualTo(40);
      assertThat(requireNonNull(dataset.test()).examples()).isEqualTo(10);
      assertThat(requireNonNull(dataset.test()).classCounts()).containsExactly(4, 3, 3, 0);
    }
  }

  @Test
  void bringsRecordsToTheJobsShape() {
    Location.Idx location = IdxFiles.write(folder, 20, 4, 4, 2, false);
    try (ImageDataset dataset =
        ImageDataset.open(spark, Sets.train(location), Sets.image(2, 2, 3), Sets.SEED, 2)) {
      assertThat(Sets.view(dataset.train()).stream().flatMap(List::stream))
          .contains("images-idx3-ubyte#17 1 " + "11".repeat(12));
    }
  }

  @Test
  void hasMomentsThatDoNotDependOnTheNumberOfShards() {
    Location.Idx location = IdxFiles.write(folder, 200, 4);
    double mean = IntStream.range(0, 200).average().orElseThrow();
    for (int workers : new int[] {1, 3}) {
      try (ImageDataset dataset = open(Sets.train(location), workers)) {
        assertThat(dataset.train().moments().pixels()).isEqualTo(200 * 6);
        assertThat(dataset.train().moments().means()).containsExactly(mean);
        assertThat(dataset.train().moments().deviations())
            .containsExactly(Math.sqrt((200.0 * 200 - 1) / 12));
      }
    }
  }

  @Test
  void givesLabelsTheNamesOfTheJob() {
    Location.Idx numbered = IdxFiles.write(folder, 20, 3);
    List<String> names = List.of("shirt", "shoe", "bag", "coat");
    Location.Idx named =
        new Location.Idx(numbered.images(), numbered.labels(), names.subList(0, 3));
    try (ImageDataset dataset = open(Sets.train(named), 2)) {
      assertThat(dataset.classNames()).containsExactly("shirt", "shoe", "bag");
    }
    assertFailure(
        new Location.Idx(numbered.images(), numbered.labels(), names.subList(0, 2)),
        "dataset.train.labels = "
            + numbered.labels()
            + ": the file has label 2, but there are only 2 class names. Name every class, in the"
            + " order of the labels.");
    assertFailure(
        new Location.Idx(numbered.images(), numbered.labels(), names),
        "dataset.train.images = "
            + numbered.images()
            + ": class \"coat\" ("
            + numbered.labels()
            + ") has no images. Every class needs training images: add some, or remove the class.");
  }

  @Test
  void namesAMissingFile() {
    Location.Idx location = IdxFiles.write(folder, 10, 2);
    assertFailure(
        new Location.Idx(folder + "/none", location.labels()),
        "dataset.train.images = " + folder + "/none: there is no such file. Check the path.");
    assertFailure(
        new Location.Idx(location.images(), folder.toString()),
        "dataset.train.labels = " + folder + ": this is a folder. Name the file itself.");
  }

  @Test
  void refusesATruncatedAndATooLongFile() throws Exception {
    Location.Idx location = IdxFiles.write(folder, 10, 2);
    Path images = Path.of(location.images());
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, 50));
    assertFailure(
        location,
        "dataset.train.images = "
            + images
            + ": the file is truncated: its header announces 10 records of 6 bytes, 76 bytes in all,"
            + " but it has 50 bytes. Copy or download it again.");
    Files.write(images, Arrays.copyOf(whole, 80));
    assertFailure(
        location,
        "dataset.train.images = "
            + images
            + ": the file is too long: its header announces 10 records of 6 bytes, 76 bytes in all,"
            + " but it has 80 bytes. Copy or download it again.");
    Files.write(images, Arrays.copyOf(whole, 10));
    assertFailure(
        location,
        "dataset.train.images = "
            + images
            + ": the file is truncated: an IDX header has 16 bytes, the file has 10. Copy or"
            + " download it again.");
  }

  @Test
  void refusesGzipThatIsCutOrHoldsTooLittle() throws Exception {
    Location.Idx location = IdxFiles.write(folder, 3000, 3, 2, 2, true);
    Path images = Path.of(location.images());
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, IdxFiles.gzip(Arrays.copyOf(IdxFiles.images(3000, 3, 2), 5000)));
    assertFailure(
        location,
        "dataset.train.images = "
            + images
            + ": the file is truncated: its header announces 3000 records of 6 bytes, 18016 bytes in"
            + " all, but it has 5000 bytes after unpacking. Copy or download it again.");
    Files.write(images, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> open(Sets.train(location), 2))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("dataset.train.images = " + images + ": the file is truncated: ")
        .hasMessageEndingWith(" bytes after unpacking. Copy or download it again.");
    whole[whole.length - 5] ^= 1;
    Files.write(images, whole);
    assertFailure(
        location,
        "dataset.train.images = "
            + images
            + ": the gzip file is damaged (Corrupt GZIP trailer). Copy or download it again.");
  }

  @Test
  void refusesFilesThatAreNotWhatTheyShouldBe() throws Exception {
    Location.Idx location = IdxFiles.write(folder, 10, 2);
    assertFailure(
        new Location.Idx(location.labels(), location.images()),
        "dataset.train.labels = "
            + location.images()
            + ": not an IDX file of labels: it starts with 0x00000803, expected the magic number"
            + " 0x00000801. It is one of images: are the two swapped?");
    Path text = Files.writeString(folder.resolve("readme.txt"), "hello, world");
    assertFailure(
        new Location.Idx(text.toString(), location.labels()),
        "dataset.train.images = "
            + text
            + ": not an IDX file of images: it starts with 0x68656c6c, expected the magic number"
            + " 0x00000803. Check the path, or download the file again.");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertFailure(
        new Location.Idx(empty.toString(), location.labels()),
        "dataset.train.images = "
            + empty
            + ": not an IDX file of images: it has 0 bytes, expected the magic number 0x00000803."
            + " Check the path, or download the file again.");
  }

  @Test
  void refusesImagesAndLabelsOfDifferentSets() throws Exception {
    Location.Idx location = IdxFiles.write(folder, 10, 2);
    Files.write(Path.of(location.labels()), IdxFiles.labels(9, 2));
    assertFailure(
        location,
        "dataset.train.images = "
            + location.images()
            + ": the file has 10 images, but "
            + location.labels()
            + " has 9 labels. Take both files from the same set.");
  }

  @Test
  void refusesOneClassAndAClassThatTheTrainingSetLacks() throws Exception {
    Location.Idx one = IdxFiles.write(folder, 10, 1);
    assertFailure(
        one,
        "dataset.train.images = "
            + one.images()
            + ": only one class, \"0\" ("
            + one.labels()
            + "). A classifier needs at least two: add another class.");
    Location.Idx two = IdxFiles.write(folder, 10, 2);
    Location.Idx three = IdxFiles.write(Files.createDirectory(folder.resolve("test")), 10, 3);
    assertThatThrownBy(() -> open(Sets.settings(two, three, 0, 0), 2))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.test.images = "
                + three.images()
                + ": class \"2\" ("
                + three.labels()
                + ") is not one of the training set's 2 classes, which are matched by name. Rename"
                + " or remove it, or add it to dataset.train.");
  }

  @Test
  void refusesASplitThatLeavesAClassNoTrainingImages() {
    Location.Idx location = IdxFiles.write(folder, 2, 2);
    assertThatThrownBy(() -> open(Sets.settings(location, null, 0.5, 0.5), 2))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.train.images = "
                + location.images()
                + ": class \"0\" ("
                + location.labels()
                + ") has no training images left: all 1 are held out by dataset.testFraction = 0.5"
                + " and dataset.validationFraction = 0.5. Add images, or hold out less.");
  }

  private void assertFailure(Location train, String message) {
    assertThatThrownBy(() -> open(Sets.train(train), 2))
        .isInstanceOf(JobException.class)
        .hasMessage(message);
  }

  private List<List<String>> shards(Location location) {
    try (ImageDataset dataset = open(Sets.train(location), 3)) {
      return Sets.view(dataset.train());
    }
  }

  private ImageDataset open(DatasetSettings settings, int workers) {
    return ImageDataset.open(spark, settings, Sets.image(3, 2, 1), Sets.SEED, workers);
  }

  private static Set<String> origins(Shards shards) {
    return Sets.view(shards).stream()
        .flatMap(List::stream)
        .map(line -> line.substring(0, line.indexOf(' ')))
        .collect(Collectors.toSet());
  }

  private static int number(String origin) {
    return Integer.parseInt(origin.substring(origin.indexOf('#') + 1));
  }
}
