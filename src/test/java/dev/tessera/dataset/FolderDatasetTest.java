package dev.tessera.dataset;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.DataException;
import dev.tessera.error.JobException;
import dev.tessera.image.PictureFiles;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class FolderDatasetTest {
  @TempDir private Path root;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  @Test
  void readsPicturesAtAnyDepthAndPassesOverHiddenFiles() throws Exception {
    write("cat/1.png", Color.RED);
    write("cat/deep/er/2.png", Color.GREEN);
    write("dog/3.png", Color.BLUE);
    write("dog/a:b %41 [1]{2} #3?.png", Color.WHITE);
    for (String hidden :
        List.of(
            "cat/.DS_Store",
            "cat/_SUCCESS",
            "cat/Thumbs.db",
            "dog/desktop.ini",
            "dog/.git/x.png",
            "dog/__MACOSX/y.png",
            "__MACOSX/z.png",
            ".cache/z.png",
            "readme.txt")) {
      write(hidden, new byte[] {1});
    }
    try (ImageDataset dataset = open(Sets.train(here()), 2)) {
      assertThat(dataset.classNames()).containsExactly("cat", "dog");
      assertThat(Sets.view(dataset.train()).stream().flatMap(List::stream))
          .containsExactlyInAnyOrder(
              "cat/1.png 0 ff0000",
              "cat/deep/er/2.png 0 00ff00",
              "dog/3.png 1 0000ff",
              "dog/a:b %41 [1]{2} #3?.png 1 ffffff");
    }
  }

  @Test
  void countsDanglingLinksAndLinksBackAndFollowsOtherLinksOnce() throws Exception {
    write("root/cat/1.png", Color.RED);
    write("root/dog/2.png", Color.BLUE);
    write("elsewhere/3.png", Color.GREEN);
    Path cat = root.resolve("root/cat");
    Files.createSymbolicLink(cat.resolve("more"), root.resolve("elsewhere"));
    Files.createSymbolicLink(cat.resolve("4.png"), root.resolve("elsewhere/3.png"));
    Files.createSymbolicLink(cat.resolve("gone.png"), root.resolve("nowhere.png"));
    Files.createSymbolicLink(cat.resolve("again"), cat);
    Files.createSymbolicLink(cat.resolve("up"), root.resolve("root"));
    Files.createSymbolicLink(root.resolve("elsewhere/back"), cat);
    Location train = new Location.Folder(root + "/root");
    Source source = Source.of("dataset.train", train);
    try (ListedSet listed =
        ListedSet.of(
            spark,
            source,
            List.of("cat", "dog"),
            List.of("cat", "dog"),
            ListedSet.Classes.OF_TRAINING_SET)) {
      assertThat(listed.counts().hidden()).isEqualTo(4);
    }
    try (ImageDataset dataset = open(Sets.train(train), 1)) {
      assertThat(Sets.view(dataset.train()).get(0))
          .containsExactlyInAnyOrder(
              "cat/1.png 0 ff0000",
              "cat/4.png 0 00ff00",
              "cat/more/3.png 0 00ff00",
              "dog/2.png 1 0000ff");
    }
  }

  @Test
  void namesClassesInOneLineWhateverCharactersTheyHave() throws Exception {
    write("cat/1.png", Color.RED);
    write("d\no\u001bg/.hidden.png", Color.RED);
    assertFailure(
        here(),
        "dataset.train = "
            + root
            + ": class \"d\\u000ao\\u001bg\" (folder "
            + root
            + "/d\\u000ao\\u001bg) has no images. Every class needs training images: add some, or"
            + " remove the class.");
    assertThat(Sets.bad("d\nog/1.png", "the file is empty", 0))
        .hasToString("d\\u000aog/1.png (0 bytes): the file is empty");
  }

  @Test
  void readsNamesOfAnyLanguage() throws Exception {
    assumeTrue(
        "UTF-8".equals(System.getProperty("sun.jnu.encoding")), "the JVM can't write such names");
    write("été à la mer/кот.png", Color.RED);
    write("夏/🌻 sun.png", Color.BLUE);
    try (ImageDataset dataset = open(Sets.train(here()), 1)) {
      assertThat(Sets.view(dataset.train()).get(0))
          .containsExactlyInAnyOrder("été à la mer/кот.png 0 ff0000", "夏/🌻 sun.png 1 0000ff");
    }
  }

  @Test
  void hasTheSameShardsWhereverTheFolderLies() throws Exception {
    Path other = root.resolve("elsewhere/photos");
    for (String folder : List.of("a", "b")) {
      for (int i = 0; i < 10; i++) {
        write("here/" + folder + "/" + i + ".png", new Color(i, 0, 0));
        write("elsewhere/photos/" + folder + "/" + i + ".png", new Color(i, 0, 0));
      }
    }
    List<List<String>> first = shards(new Location.Folder(root.resolve("here").toString()));
    assertThat(shards(new Location.Folder(other + "/"))).isEqualTo(first);
    assertThat(shards(new Location.Folder(other.toUri().toString()))).isEqualTo(first);
  }

  @Test
  void leavesOutWhatCanNotBeDecodedAndSaysWhy() throws Exception {
    for (int i = 0; i < 10; i++) {
      write("a/" + i + ".png", Color.RED);
      write("b/" + i + ".png", Color.BLUE);
    }
    write("a/empty.jpg", new byte[0]);
    write("b/text.jpg", new byte[] {'t', 'e', 'x', 't'});
    DatasetSettings settings = new DatasetSettings(here(), null, null, 0, 0, 0.1);
    try (ImageDataset dataset = open(settings, 3)) {
      assertThat(dataset.train().examples()).isEqualTo(20);
      assertThat(dataset.train().badCount()).isEqualTo(2);
      assertThat(dataset.train().badImages().stream().map(BadImage::toString))
          .containsExactly(
              "a/empty.jpg (0 bytes): the file is empty",
              "b/text.jpg (4 bytes): not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it starts with"
                  + " 74 65 78 74");
      assertThat(dataset.train().examplesPerShard()).hasSize(3).contains(7);
    }
  }

  @Test
  void stopsWhenTooManyAreBadAndNamesTheFirstTen() throws Exception {
    for (int i = 0; i < 20; i++) {
      write("a/" + i + ".png", Color.RED);
      write("b/" + i + ".png", Color.BLUE);
    }
    for (int i = 10; i < 22; i++) {
      write("b/bad" + i + ".jpg", new byte[0]);
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 10; i < 20; i++) {
      lines.append("\n  b/bad" + i + ".jpg (0 bytes): the file is empty");
    }
    assertThatThrownBy(() -> open(Sets.train(here()), 2))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "dataset.train = "
                + root
                + ": 12 of 52 images can't be decoded (0.2308), more than dataset.maxBadFraction ="
                + " 0.01 allows:"
                + lines
                + "\n  and 2 more"
                + "\nRepair or remove them, or raise dataset.maxBadFraction.");
  }

  /** Side of the split by the default seed, so that the test does not depend on luck. */
  private static String heldOut(Split.Side side, String prefix) {
    Split split = new Split(Sets.SEED, 0.1, 0.1);
    for (int i = 0; ; i++) {
      if (split.side(prefix + i + ".jpg") == side) {
        return prefix + i + ".jpg";
      }
    }
  }

  @Test
  void comparesTheBadImagesOfEverySideOfASplitWithTheWholeSource() throws Exception {
    for (int i = 0; i < 30; i++) {
      write("a/" + i + ".png", Color.RED);
      write("b/" + i + ".png", Color.BLUE);
    }
    String validation = heldOut(Split.Side.VALIDATION, "a/bad");
    write(validation, new byte[0]);
    DatasetSettings settings = new DatasetSettings(here(), null, null, 0.1, 0.1, 0.02);
    try (ImageDataset dataset = open(settings, 2)) {
      Shards shards = requireNonNull(dataset.validation());
      assertThat(shards.badCount()).isEqualTo(1);
      assertThat(shards.badCount() / (double) shards.examples()).isGreaterThan(0.02);
    }
    openHeldOut(new DatasetSettings(here(), null, null, 0.1, 0, 0.02)).close();
    String test = heldOut(Split.Side.TEST, "a/ill");
    write(test, new byte[0]);
    assertThatThrownBy(() -> open(settings, 2))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "dataset.train = "
                + root
                + ": 2 of 62 images can't be decoded (0.03226), more than dataset.maxBadFraction ="
                + " 0.02 allows:\n  "
                + validation
                + " (0 bytes): the file is empty\n  "
                + test
                + " (0 bytes): the file is empty"
                + "\nRepair or remove them, or raise dataset.maxBadFraction.");
  }

  @Test
  void comparesTheBadImagesOfASeparateSetWithThatSetAlone() throws Exception {
    for (int i = 0; i < 30; i++) {
      write("train/a/" + i + ".png", Color.RED);
      write("train/b/" + i + ".png", Color.BLUE);
    }
    write("test/a/1.png", Color.RED);
    write("test/a/2.jpg", new byte[0]);
    DatasetSettings settings =
        new DatasetSettings(
            new Location.Folder(root + "/train"),
            null,
            new Location.Folder(root + "/test"),
            0.1,
            0,
            0.02);
    String message =
        "dataset.test = "
            + root
            + "/test: 1 of 2 images can't be decoded (0.5000), more than dataset.maxBadFraction ="
            + " 0.02 allows:\n  a/2.jpg (0 bytes): the file is empty"
            + "\nRepair or remove them, or raise dataset.maxBadFraction.";
    int before = spark.getPersistentRDDs().size();
    assertThatThrownBy(() -> open(settings, 2))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> openHeldOut(settings))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
    assertThat(spark.getPersistentRDDs()).hasSize(before);
  }

  @Test
  void matchesTheClassesOfASetWithThoseOfAModelByName() throws Exception {
    write("test/a/1.png", Color.RED);
    write("test/fox/1.png", Color.RED);
    Location test = new Location.Folder(root + "/test");
    assertThatThrownBy(() -> openHeldOut(Sets.settings(here(), test, 0, 0)))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.test = "
                + root
                + "/test: class \"fox\" (folder "
                + root
                + "/test/fox) is not one of the model's 2 classes, which are matched by name. Rename"
                + " or remove it, or train a model with it.");
  }

  private HeldOutSet openHeldOut(DatasetSettings settings) {
    return ImageDataset.openHeldOut(
        spark, settings, Sets.image(1, 1, 3), Sets.SEED, 2, List.of("a", "b"));
  }

  @Test
  void matchesTheClassesOfATestSetByName() throws Exception {
    write("train/cat/1.png", Color.RED);
    write("train/dog/1.png", Color.BLUE);
    write("train/eel/1.png", Color.GREEN);
    write("test/eel/1.png", Color.GREEN);
    write("test/dog/1.png", Color.BLUE);
    Location train = new Location.Folder(root + "/train");
    try (ImageDataset dataset =
        open(Sets.settings(train, new Location.Folder(root + "/test"), 0, 0), 1)) {
      assertThat(Sets.view(requireNonNull(dataset.test())).get(0))
          .containsExactlyInAnyOrder("dog/1.png 1 0000ff", "eel/1.png 2 00ff00");
    }
    write("test/fox/1.png", Color.RED);
    assertThatThrownBy(
            () -> open(Sets.settings(train, new Location.Folder(root + "/test"), 0, 0), 1))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.test = "
                + root
                + "/test: class \"fox\" (folder "
                + root
                + "/test/fox) is not one of the training set's 3 classes, which are matched by name."
                + " Rename or remove it, or add it to dataset.train.");
  }

  @Test
  void namesAFolderThatIsMissingOrNoFolder() throws Exception {
    assertFailure(
        new Location.Folder(root + "/none"),
        "dataset.train = " + root + "/none: there is no such folder. Check the path.");
    write("file", new byte[1]);
    assertFailure(
        new Location.Folder(root + "/file"),
        "dataset.train = "
            + root
            + "/file: this is a file. Name the folder that holds one folder a class.");
    assertFailure(
        new Location.Folder("s4://bucket/photos"),
        "dataset.train = s4://bucket/photos: no file system for the scheme \"s4\". Check the"
            + " spelling, or add its connector with spark-submit --packages.");
    assertFailure(
        new Location.Folder("s3a://bucket/photos"),
        "dataset.train = s3a://bucket/photos: can't be opened (Class"
            + " org.apache.hadoop.fs.s3a.S3AFileSystem not found). Check the host, or add the connector"
            + " with spark-submit --packages, for s3a org.apache.hadoop:hadoop-aws in the version of"
            + " Spark's Hadoop.");
    assertFailure(
        new Location.Folder("a b:/x"),
        "dataset.train = a b:/x: not a path (Illegal character in scheme name at index 1: a b:/x). Write /folder/file or scheme://host/file.");
  }

  @Test
  void refusesAFolderWithoutClassFoldersOrWithoutImages() throws Exception {
    write("1.png", Color.RED);
    assertFailure(
        here(),
        "dataset.train = "
            + root
            + ": no class folders, and 1 files. Put the images of every class into a folder of its"
            + " own, named like the class.");
    Files.createDirectory(root.resolve("cat"));
    Files.createDirectory(root.resolve("dog"));
    assertFailure(
        here(),
        "dataset.train = " + root + ": no images. Put at least one there, or check the path.");
  }

  @Test
  void refusesOneClassAndAClassWithoutImages() throws Exception {
    write("cat/1.png", Color.RED);
    assertFailure(
        here(),
        "dataset.train = "
            + root
            + ": only one class, \"cat\" (folder "
            + root
            + "/cat). A classifier needs at least two: add another class.");
    write("dog/.hidden.png", Color.RED);
    assertFailure(
        here(),
        "dataset.train = "
            + root
            + ": class \"dog\" (folder "
            + root
            + "/dog) has no images. Every class needs training images: add some, or remove the"
            + " class.");
  }

  @Test
  void refusesAClassOfBadImagesOnly() throws Exception {
    write("cat/1.png", Color.RED);
    write("dog/1.png", new byte[0]);
    DatasetSettings settings = new DatasetSettings(here(), null, null, 0, 0, 1);
    assertThatThrownBy(() -> open(settings, 2))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.train = "
                + root
                + ": class \"dog\" (folder "
                + root
                + "/dog) has no training image that can be decoded. Repair them, or remove the"
                + " class.");
  }

  @Test
  void leavesNothingCachedAfterAFailureOrAClose() throws Exception {
    int before = spark.getPersistentRDDs().size();
    write("cat/1.png", Color.RED);
    write("dog/1.png", new byte[0]);
    assertThatThrownBy(() -> open(Sets.train(here()), 2)).isInstanceOf(DataException.class);
    write("dog/1.png", Color.BLUE);
    open(Sets.train(here()), 2).close();
    assertThat(spark.getPersistentRDDs()).hasSize(before);
  }

  private void assertFailure(Location train, String message) {
    assertThatThrownBy(() -> open(Sets.train(train), 2))
        .isInstanceOf(JobException.class)
        .hasMessage(message);
  }

  private Location here() {
    return new Location.Folder(root.toString());
  }

  private List<List<String>> shards(Location location) {
    try (ImageDataset dataset = open(Sets.train(location), 3)) {
      return Sets.view(dataset.train());
    }
  }

  private ImageDataset open(DatasetSettings settings, int workers) {
    return ImageDataset.open(spark, settings, Sets.image(1, 1, 3), Sets.SEED, workers);
  }

  private void write(String path, Color color) throws Exception {
    write(path, PictureFiles.plain(4, 4, color));
  }

  private void write(String path, byte[] bytes) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
