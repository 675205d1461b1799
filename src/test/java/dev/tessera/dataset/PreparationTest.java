package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.SparkSessionExtension;
import dev.tessera.error.DataException;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PictureFiles;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class PreparationTest {
  private static final ImageSettings IMAGE = Sets.image(128, 256, 1);

  private final SparkSession session;
  private final JavaSparkContext spark;
  @TempDir private Path folder;
  private Path photos;
  private Path packed;

  PreparationTest(SparkSession session) {
    this.session = session;
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** 200 pictures of two sizes in two classes: at this size, files of 64. */
  @BeforeEach
  void writePhotos() throws IOException {
    photos = folder.resolve("photos");
    packed = folder.resolve("packed");
    for (int i = 0; i < 100; i++) {
      write("red/" + i + ".png", picture(8, 5, new Color(255 - i, i / 2, i % 7)));
      write("blue/" + i + ".png", picture(4, 6, new Color(i % 5, i, 255 - i)));
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = photos.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] picture(int width, int height, Color color) {
    BufferedImage image = PictureFiles.pattern(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, color.getRGB());
    return PictureFiles.encode(image, "png");
  }

  private DatasetSettings settings(Path train) {
    return new DatasetSettings(
        new Location.Folder(train.toString()), null, null, 0.2, 0.1, 0.1, Cache.PIXELS);
  }

  private Prepared prepare(Path to) {
    return prepare(to, PackedForm.PIXELS, IMAGE, settings(photos), Sets.SEED);
  }

  private Prepared prepare(
      Path to, PackedForm form, ImageSettings image, DatasetSettings settings, long seed) {
    return new Preparation(spark, settings, image, seed, form, to.toString(), "test").run();
  }

  private void leaveOutThree() throws IOException {
    write("red/empty.jpg", new byte[0]);
    write("red/text.jpg", "not a picture at all".getBytes(StandardCharsets.UTF_8));
    write("blue/cut.png", Arrays.copyOf(picture(40, 40, Color.BLUE), 60));
  }

  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  private JsonNode manifest() throws IOException {
    return new ObjectMapper().readTree(packed.resolve("manifest.json").toFile());
  }

  private List<List<List<String>>> views(Path train, int workers) {
    List<List<List<String>>> views = new ArrayList<>();
    try (ImageDataset dataset =
        ImageDataset.open(spark, settings(train), IMAGE, Sets.SEED, workers, 7)) {
      views.add(Sets.view(dataset.train()));
      views.add(Sets.view(Objects.requireNonNull(dataset.validation())));
      views.add(Sets.view(Objects.requireNonNull(dataset.test())));
      views.add(
          List.of(
              List.of(
                  dataset.train().contentHash(),
                  dataset.train().moments().means().toString(),
                  dataset.train().badImages().toString(),
                  Long.toString(dataset.train().badCount()))));
    }
    return views;
  }

  @Test
  void givesTheSameShardsAsTheOriginals() throws IOException {
    leaveOutThree();
    Prepared prepared = prepare(packed);
    assertThat(prepared.before()).isFalse();
    assertThat(prepared.leftOut()).isEqualTo(3);
    for (int workers : new int[] {1, 3}) {
      assertThat(views(packed, workers)).isEqualTo(views(photos, workers));
    }
  }

  @Test
  void oneSetAloneIsReadByTheNameOfItsFolder() {
    prepare(packed);
    List<List<List<String>>> originals = views(photos, 2);
    DatasetSettings single =
        new DatasetSettings(
            new Location.Folder(packed + "/train"),
            new Location.Folder(packed.toString()),
            new Location.Folder(packed + "/test"),
            0.2,
            0.1,
            0.1);
    try (ImageDataset dataset = ImageDataset.open(spark, single, IMAGE, Sets.SEED, 2, 7)) {
      assertThat(Sets.view(dataset.train())).isEqualTo(originals.get(0));
      assertThat(Sets.view(Objects.requireNonNull(dataset.validation())))
          .isEqualTo(originals.get(1));
      assertThat(Sets.view(Objects.requireNonNull(dataset.test()))).isEqualTo(originals.get(2));
    }
  }

  @Test
  void setsOfTheirOwnComeWithTheFolder() throws IOException {
    Path separate = folder.resolve("separate");
    for (int i = 0; i < 5; i++) {
      Files.createDirectories(separate.resolve("red"));
      Files.write(separate.resolve("red/t" + i + ".png"), picture(9, 9, new Color(i, 1, 2)));
    }
    DatasetSettings own =
        new DatasetSettings(
            new Location.Folder(photos.toString()),
            null,
            new Location.Folder(separate.toString()),
            0.2,
            0.1,
            0.1);
    prepare(packed, PackedForm.PIXELS, IMAGE, own, Sets.SEED);
    try (ImageDataset dataset = ImageDataset.open(spark, settings(packed), IMAGE, Sets.SEED, 2, 7);
        ImageDataset originals = ImageDataset.open(spark, own, IMAGE, Sets.SEED, 2, 7)) {
      assertThat(Objects.requireNonNull(dataset.test()).examples()).isEqualTo(5);
      assertThat(Sets.view(Objects.requireNonNull(dataset.test())))
          .isEqualTo(Sets.view(Objects.requireNonNull(originals.test())));
      assertThat(Sets.view(dataset.train())).isEqualTo(Sets.view(originals.train()));
    }
  }

  @Test
  void describesWhatIsThere() throws IOException {
    leaveOutThree();
    write("blue/copy.png", Files.readAllBytes(photos.resolve("red/7.png")));
    write("red/copy.png", Files.readAllBytes(photos.resolve("red/7.png")));
    prepare(packed);
    JsonNode json = manifest();
    assertThat(json.path("classNames").toString()).isEqualTo("[\"blue\",\"red\"]");
    assertThat(json.path("format").asText()).isEqualTo("pixels");
    assertThat(json.path("originalSizes").toString())
        .isEqualTo(
            "{\"distinct\":2,\"minHeight\":5,\"maxHeight\":6,\"minWidth\":4,\"maxWidth\":8,"
                + "\"common\":[{\"height\":5,\"width\":8,\"images\":102},"
                + "{\"height\":6,\"width\":4,\"images\":100}]}");
    assertThat(json.at("/duplicates/groups").asInt()).isEqualTo(1);
    assertThat(json.at("/duplicates/images").asInt()).isEqualTo(3);
    assertThat(json.at("/duplicates/groupsAcrossClasses").asInt()).isEqualTo(1);
    long blue = 0;
    long red = 0;
    for (JsonNode set : json.path("sets")) {
      blue += set.at("/classCounts/blue").asLong();
      red += set.at("/classCounts/red").asLong();
    }
    assertThat(blue).isEqualTo(101);
    assertThat(red).isEqualTo(101);
    try (ImageDataset dataset =
        ImageDataset.open(spark, settings(photos), IMAGE, Sets.SEED, 2, 7)) {
      JsonNode train = json.path("sets").get(0);
      assertThat(train.path("contentHash").asText()).isEqualTo(dataset.train().contentHash());
      assertThat(train.at("/channels/means/0").asDouble())
          .isEqualTo(dataset.train().moments().means().get(0));
    }
  }

  @Test
  void sparkReadsTheRows() throws IOException {
    leaveOutThree();
    write("red/copy.png", Files.readAllBytes(photos.resolve("red/7.png")));
    prepare(packed);
    Dataset<Row> train = session.read().parquet(packed + "/train");
    assertThat(train.columns())
        .containsExactly(
            "origin",
            "label",
            "className",
            "height",
            "width",
            "channels",
            "originalHeight",
            "originalWidth",
            "contentHash",
            "pixels");
    List<Row> all =
        session
            .read()
            .parquet(packed + "/train", packed + "/validation", packed + "/test")
            .select("origin", "label", "className", "pixels")
            .collectAsList();
    assertThat(all).hasSize(201);
    for (Row row : all) {
      assertThat(row.getString(0)).startsWith(row.getString(2) + "/");
      assertThat(row.getInt(1)).isEqualTo(row.getString(2).equals("red") ? 1 : 0);
      assertThat(row.<byte[]>getAs(3)).hasSize(IMAGE.shape().size());
    }
    assertThat(
            session
                .read()
                .parquet(packed + "/quarantine")
                .orderBy("origin")
                .select("origin", "label", "sizeBytes", "reason", "firstBytes")
                .collectAsList()
                .stream()
                .map(Row::toString))
        .satisfiesExactly(
            cut -> assertThat(cut).startsWith("[blue/cut.png,0,60,the PNG file is cut short"),
            empty -> assertThat(empty).isEqualTo("[red/empty.jpg,1,0,the file is empty,]"),
            text ->
                assertThat(text)
                    .isEqualTo(
                        "[red/text.jpg,1,20,not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it starts"
                            + " with 6e 6f 74 20 61 20 70 69,6e 6f 74 20 61 20 70 69 63 74 75 72 65"
                            + " 20 61 74]"));
    assertThat(
            session.read().parquet(packed + "/duplicates").select("origin").collectAsList().stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("red/7.png", "red/copy.png");
  }

  @Test
  void goesOnWhereItStoppedAndEndsTheSame() throws IOException {
    leaveOutThree();
    prepare(packed);
    Map<String, String> whole = contents(packed);
    assertThat(whole).containsKeys("train/part-00001.parquet", "test/part-00000.parquet");

    // As a kill leaves it: files missing, one half written beside its place, one cut.
    Files.delete(packed.resolve("manifest.json"));
    Files.delete(packed.resolve("train/part-00001.parquet"));
    Files.write(packed.resolve("train/_part-00001.parquet.77.tmp"), new byte[] {'P', 'A', 'R'});
    Path cut = packed.resolve("validation/part-00000.parquet");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 500));
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Path kept = Files.setLastModifiedTime(packed.resolve("train/part-00000.parquet"), old);

    assertThat(prepare(packed).before()).isFalse();
    assertThat(contents(packed)).isEqualTo(whole);
    assertThat(Files.getLastModifiedTime(kept)).isEqualTo(old);
  }

  @Test
  void aFailureOfTheStoreLeavesWhatIsWhole() throws IOException {
    prepare(packed);
    Map<String, String> whole = contents(packed);
    Files.delete(packed.resolve("manifest.json"));
    for (String set : List.of("validation", "test")) {
      Files.delete(packed.resolve(set + "/part-00000.parquet"));
      Files.delete(packed.resolve(set));
    }
    // In the place of a folder.
    Path obstacle = Files.writeString(packed.resolve("validation"), "");
    assertThatThrownBy(() -> prepare(packed))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("Cannot write " + packed + "/validation/part-00000.parquet: ")
        .hasMessageEndingWith("then start again: what is whole stays.");
    assertThat(packed.resolve("manifest.json")).doesNotExist();
    assertThatThrownBy(() -> views(packed, 1))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.train = "
                + packed
                + ": "
                + packed
                + " was not prepared to its end. Run tessera prepare again with the same job: it goes"
                + " on where it stopped.");
    Files.delete(obstacle);
    prepare(packed);
    assertThat(contents(packed)).isEqualTo(whole);
  }

  @Test
  void twiceIsTheSameAsOnce() throws IOException {
    prepare(packed);
    Map<String, String> once = contents(packed);
    assertThat(prepare(packed).before()).isTrue();
    assertThat(contents(packed)).isEqualTo(once);
    Path other = folder.resolve("other");
    prepare(other);
    assertThat(contents(other)).isEqualTo(once);
  }

  /** Parquet's own order is by where this JVM put its constants. */
  @Test
  void nothingInAFileDependsOnTheProgramThatWroteIt() throws IOException {
    prepare(packed);
    byte[] file = Files.readAllBytes(packed.resolve("train/part-00000.parquet"));
    int length = ByteBuffer.wrap(file, file.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    FileMetaData footer =
        Util.readFileMetaData(new ByteArrayInputStream(file, file.length - 8 - length, length));
    for (ColumnChunk column : footer.getRow_groups().get(0).getColumns()) {
      assertThat(column.getMeta_data().getEncodings()).hasSizeGreaterThan(1).isSorted();
    }
  }

  @Test
  void whatAnotherProgramLeftUnfinishedIsWrittenOver() throws IOException {
    Files.createDirectories(packed.resolve("train"));
    for (int attempt = 0; attempt < 5000; attempt++) {
      Files.createFile(packed.resolve("train/_part-00000.parquet." + attempt + ".tmp"));
    }
    Path other = folder.resolve("other");
    prepare(other);
    Files.copy(other.resolve("prepare.json"), packed.resolve("prepare.json"));
    prepare(packed);
    assertThat(contents(packed)).isEqualTo(contents(other));
  }

  @Test
  void refusesTheFolderOfAnotherJobOrOtherImages() throws IOException {
    prepare(packed);
    assertThatThrownBy(
            () ->
                prepare(packed, new PackedForm(80), Sets.image(128, 255, 1), settings(photos), 43))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "--to = "
                + packed
                + ": this folder is of another job or other images: image.width is 255 and was 256;"
                + " run.seed is 43 and was 42; the form is JPEG of quality 80 and was pixels. Give this"
                + " one a folder of its own, or remove the old one.");
    write("red/more.png", picture(4, 4, Color.PINK));
    assertThatThrownBy(() -> prepare(packed))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("the images are [")
        .hasMessageContaining(" and were [");
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(own.resolve("letter.txt"), "mine");
    assertThatThrownBy(() -> prepare(own))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "--to = "
                + own
                + ": there is something in this folder, and it was not prepared by Tessera"
                + " (letter.txt). Give the packed files a folder of their own.");
  }

  @Test
  void aJobThatIsWrongDoesNotBindTheFolder() {
    assertThatThrownBy(
            () ->
                prepare(
                    packed,
                    PackedForm.PIXELS,
                    IMAGE,
                    settings(folder.resolve("nowhere")),
                    Sets.SEED))
        .isInstanceOf(JobException.class);
    assertThat(packed).doesNotExist();
    assertThat(prepare(packed).before()).isFalse();
  }

  @Test
  void aFolderThatCannotBeWrittenShowsBeforeAnythingIsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(
            () ->
                prepare(
                    file.resolve("packed"),
                    PackedForm.PIXELS,
                    IMAGE,
                    settings(folder.resolve("nowhere")),
                    Sets.SEED))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void tooManyBadImagesStopItWithAllOfThemInTheQuarantine() throws IOException {
    leaveOutThree();
    DatasetSettings strict =
        new DatasetSettings(
            new Location.Folder(photos.toString()), null, null, 0.2, 0.1, 0.01, Cache.PIXELS);
    assertThatThrownBy(() -> prepare(packed, PackedForm.PIXELS, IMAGE, strict, Sets.SEED))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "dataset.train = "
                + photos
                + ": 3 of 203 images can't be decoded (0.01478), more than dataset.maxBadFraction ="
                + " 0.01 allows:\n  blue/cut.png (60 bytes): ")
        .hasMessageEndingWith(
            "raise dataset.maxBadFraction. They are all in "
                + packed
                + "/quarantine. After a change of the images remove "
                + packed
                + " first.");
    assertThat(session.read().parquet(packed + "/quarantine").count()).isEqualTo(3);
    assertThat(packed.resolve("manifest.json")).doesNotExist();
    // Nothing is read again.
    prepare(packed);
    assertThat(packed.resolve("manifest.json")).exists();
  }

  @Test
  void jpegFilesDealTheSameAndLookAlike() throws IOException {
    ImageSettings larger = Sets.image(24, 36, 3);
    prepare(packed, new PackedForm(95), larger, settings(photos), Sets.SEED);
    assertThat(session.read().parquet(packed + "/train").columns()).contains("image");
    assertThat(manifest().path("jpegQuality").asInt()).isEqualTo(95);
    try (ImageDataset jpeg = ImageDataset.open(spark, settings(packed), larger, Sets.SEED, 2, 7);
        ImageDataset originals =
            ImageDataset.open(spark, settings(photos), larger, Sets.SEED, 2, 7)) {
      assertThat(origins(jpeg.train())).isEqualTo(origins(originals.train()));
      List<Double> means = originals.train().moments().means();
      for (int channel = 0; channel < 3; channel++) {
        assertThat(jpeg.train().moments().means().get(channel))
            .isCloseTo(means.get(channel), Offset.offset(1.5));
      }
      // What the manifest counts is what training sees.
      assertThat(manifest().at("/sets/0/contentHash").asText())
          .isEqualTo(jpeg.train().contentHash());
    }
  }

  private static List<List<String>> origins(Shards shards) {
    return Sets.view(shards).stream()
        .map(shard -> shard.stream().map(line -> line.substring(0, line.lastIndexOf(' '))).toList())
        .toList();
  }

  @Test
  void smallerPicturesAreMadeFromThePackedOnesAndLargerOnesRefused() {
    prepare(packed);
    ImageSettings smaller = Sets.image(2, 3, 1);
    try (ImageDataset dataset =
        ImageDataset.open(spark, settings(packed), smaller, Sets.SEED, 2, 7)) {
      assertThat(dataset.train().examples()).isPositive();
    }
    assertThatThrownBy(
            () ->
                ImageDataset.open(
                    spark, settings(packed), Sets.image(128, 257, 1), Sets.SEED, 2, 7))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.train = "
                + packed
                + ": image.width = 257 is more than the 256 that the images were prepared with, and what"
                + " was left out then is not there any more. Use at most 256, or prepare them again with"
                + " this job.");
  }

  @Test
  void aSetThatIsNotThereIsNamed() {
    DatasetSettings none =
        new DatasetSettings(
            new Location.Folder(photos.toString()), null, null, 0, 0, 0.1, Cache.PIXELS);
    prepare(packed, PackedForm.PIXELS, IMAGE, none, Sets.SEED);
    DatasetSettings asks =
        new DatasetSettings(
            new Location.Folder(packed.toString()),
            null,
            new Location.Folder(packed.toString()),
            0,
            0,
            0.1,
            Cache.PIXELS);
    assertThatThrownBy(() -> ImageDataset.open(spark, asks, IMAGE, Sets.SEED, 2, 7))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "dataset.test = "
                + packed
                + ": the prepared folder has no test set, but train. Name one of these, or prepare the"
                + " images again with it.");
  }

  @Test
  void packedImagesCanBePackedAgain() throws IOException {
    leaveOutThree();
    prepare(packed);
    Path again = folder.resolve("again");
    prepare(again, PackedForm.PIXELS, IMAGE, settings(packed), Sets.SEED);
    assertThat(views(again, 2)).isEqualTo(views(photos, 2));
  }
}
