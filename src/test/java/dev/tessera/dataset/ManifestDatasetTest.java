package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.SparkSessionExtension;
import dev.tessera.image.PictureFiles;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class ManifestDatasetTest {
  @TempDir private Path root;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  @Test
  void readsPicturesBesideTheManifestAndAnywhereElse() throws Exception {
    write("set/cat/1.png", Color.RED);
    write("set/cat/a, \"b\".png", Color.GREEN);
    write("elsewhere/x.png", Color.BLUE);
    write("elsewhere/y z.png", Color.WHITE);
    Path manifest =
        write(
            "set/train.csv",
            "\ufeffpath,label\r\n"
                + "cat/1.png,cat\r\n"
                + "./cat/1.png,\r\n"
                + "\r\n"
                + "\"cat/a, \"\"b\"\".png\",cat\r\n"
                + root.resolve("elsewhere/x.png")
                + ",dog\r\n"
                + root.resolve("elsewhere").toUri()
                + "y z.png,dog");
    try (ImageDataset dataset = open(manifest(manifest))) {
      assertThat(dataset.classNames()).containsExactly("cat", "dog");
      assertThat(Sets.view(dataset.train()).stream().flatMap(List::stream))
          .containsExactlyInAnyOrder(
              "cat/1.png 0 ff0000",
              "cat/a, \"b\".png 0 00ff00",
              root + "/elsewhere/x.png 1 0000ff",
              root.resolve("elsewhere").toUri() + "y z.png 1 ffffff");
    }
  }

  @Test
  void readsJsonLinesPlainAndGzip() throws Exception {
    String lines =
        """
        {"path": "a.png", "label": 1, "note": [1, 2]}

        {"label": 0, "path": "b.png"}
        {"label": null, "path": "c.png"}
        {"label": -1, "path": "d.png"}
        """;
    Path plain = write("train.jsonl", lines);
    Path gzip = write("train.gz", IdxFiles.gzip(lines.getBytes(StandardCharsets.UTF_8)));
    for (Path manifest : List.of(plain, gzip)) {
      assertThat(Listings.classNames(spark, manifest(manifest))).containsExactly("0", "1");
      assertThat(Listings.list(spark, manifest(manifest)))
          .containsExactly("a.png 1", "b.png 0", "c.png -1", "d.png -1");
    }
  }

  @Test
  void takesTheColumnsThatAreNamedElseTheUsualElseTheFirstTwo() throws Exception {
    Path named =
        write("named.csv", "split,label,path,class\ntrain,0,a.png,cat\ntest,1,b.png,dog\n");
    assertThat(Listings.list(spark, manifest(named))).containsExactly("a.png 0", "b.png 1");
    assertThat(Listings.classNames(spark, manifest(named))).containsExactly("0", "1");
    Location byName = new Location.Manifest(named.toString(), "path", "class", ClassNames.NONE);
    assertThat(Listings.classNames(spark, byName)).containsExactly("cat", "dog");
    Path others = write("others.csv", "file,kind\na.png,x\nb.png,y\n");
    assertThat(Listings.list(spark, manifest(others))).containsExactly("a.png 0", "b.png 1");
  }

  @Test
  void countsPicturesThatAreMissingAsBad() throws Exception {
    write("1.png", Color.RED);
    write("2.png", Color.BLUE);
    Path manifest = write("m.csv", "path,label\n1.png,a\n2.png,b\ngone.png,b\n");
    DatasetSettings settings = new DatasetSettings(manifest(manifest), null, null, 0, 0, 0.5);
    try (ImageDataset dataset = ImageDataset.open(spark, settings, Sets.image(1, 1, 3), 1, 2)) {
      assertThat(dataset.train().badImages().stream().map(BadImage::origin))
          .containsExactly("gone.png");
    }
  }

  @Test
  void matchesLabelsWithTheNamesOfAFileByNameAndByNumber() throws Exception {
    Path names = write("classes.txt", "\ufeffdog\r\n\r\n cat \n");
    Path manifest = write("m.csv", "path,label\n1.png,cat\n2.png,0\n3.png,dog\n4.png,1\n");
    Location location =
        new Location.Manifest(
            manifest.toString(), null, null, new ClassNames(List.of(), names.toString()));
    assertThat(Listings.classNames(spark, location)).containsExactly("dog", "cat");
    assertThat(Listings.list(spark, location))
        .containsExactly("1.png 1", "2.png 0", "3.png 0", "4.png 1");
  }

  @Test
  void refusesALabelThatIsNoneOfTheNames() throws Exception {
    Path manifest = write("m.csv", "path,label\n1.png,cat\n2.png,2\n");
    Location location =
        new Location.Manifest(
            manifest.toString(), null, null, ClassNames.of(List.of("dog", "cat")));
    Listings.assertRefused(
        () -> Listings.list(spark, location),
        "dataset.train = "
            + manifest
            + ": 2.png has label \"2\", which is neither one of the 2 class names nor a number below"
            + " 2. Name every class in the order of the labels, or correct the label.");
  }

  @Test
  void refusesAPathThatStandsThereTwice() throws Exception {
    Path manifest = write("m.csv", "path,label\n1.png,cat\n./1.png,dog\n");
    assertRefused(
        manifest, "1.png is there twice, and images are told apart by it. Keep one of the lines.");
  }

  @Test
  void namesTheLineThatIsWrong() throws Exception {
    assertRefused(
        write("short.csv", "path,label\n1.png,cat\n\n2.png\n"),
        "line 4: 1 fields where the header has 2. Put fields with commas into quotation marks.");
    assertRefused(
        write("quote.csv", "path,label\n\"1\n.png\",cat\n\"2.png,dog\n"),
        "line 4: a quotation mark is not closed. Correct the line.");
    assertRefused(
        write("after.csv", "path,label\n\"1\".png,cat\n"),
        "line 2: after a closing quotation mark stands \".\" where a comma or the end of the line"
            + " belongs; a quotation mark within a field is doubled. Correct the line.");
    assertRefused(
        write("nowhere.csv", "path,label\n,cat\n"),
        "line 2: there is no path. Every line names an image.");
    assertRefused(
        write("one.csv", "path\n1.png\n"),
        "line 1: one column, \"path\". A manifest has a path and a label in every line, with a comma"
            + " between.");
    assertRefused(write("none.csv", ""), "the file is empty. Begin with a line path,label.");
    assertRefused(
        write("cut.jsonl", "{\"path\": \"1\", \"label\": 1}\n{\"path\": "),
        "line 2: not JSON (Unexpected end-of-input within/between Object entries). Correct the line.");
    assertRefused(
        write("list.jsonl", "{\"path\": \"1\", \"label\": [1]}\n"),
        "line 1: the label is [1]. Use a text or a whole number.");
    assertRefused(
        write("other.jsonl", "{\"file\": \"1\", \"label\": 1}\n"),
        "line 1: there is no text under \"path\". Write {\"path\": ..., \"label\": ...}, or give the"
            + " names in dataset.columns.");
  }

  @Test
  void refusesAColumnThatIsNotThere() throws Exception {
    Path manifest = write("m.csv", "path,label\n1.png,cat\n");
    Listings.assertRefused(
        () ->
            Listings.list(
                spark, new Location.Manifest(manifest.toString(), "path", "kind", ClassNames.NONE)),
        "dataset.train = "
            + manifest
            + ": there is no column \"kind\" among [path, label]. Correct dataset.columns.label.");
  }

  private void assertRefused(Path manifest, String message) {
    Listings.assertRefused(
        () -> Listings.list(spark, manifest(manifest)),
        "dataset.train = " + manifest + ": " + message);
  }

  private static Location manifest(Path file) {
    return new Location.Manifest(file.toString(), null, null, ClassNames.NONE);
  }

  private ImageDataset open(Location train) {
    return ImageDataset.open(spark, Sets.train(train), Sets.image(1, 1, 3), Sets.SEED, 2);
  }

  private void write(String path, Color color) throws Exception {
    write(path, PictureFiles.plain(4, 4, color));
  }

  private Path write(String path, String text) throws Exception {
    return write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String path, byte[] bytes) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }
}
