package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tessera.SparkSessionExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class TableSourceTest {
  private static final String VIEW = "photos";

  @TempDir private Path root;
  private SparkSession session;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(SparkSession shared, JavaSparkContext context) {
    session = shared;
    spark = context;
  }

  @AfterEach
  void dropView() {
    session.catalog().dropTempView(VIEW);
  }

  @Test
  void readsBytesAndTellsRowsApartByTheirContent() {
    StructType schema = new StructType().add("label", "string").add("image", "binary");
    view(
        schema,
        RowFactory.create("dog", bytes("one")),
        RowFactory.create("cat", bytes("two")),
        RowFactory.create("cat", bytes("one")),
        RowFactory.create("cat", bytes("two")),
        RowFactory.create(null, bytes("three")),
        RowFactory.create("dog", null));
    // The first 32 digits of SHA-256 of the texts.
    String one = "7692c3ad3540bb803c020b3aee66cd88";
    String two = "3fc4ccfe745870e2c0d99f71f30ff065";
    String three = "8b5b9db0c13db24256c829aa364aa90c";
    assertThat(Listings.classNames(spark, table())).containsExactly("cat", "dog");
    List<String> listed =
        List.of(
            two + "#cat 0",
            two + "#cat 0",
            one + "#cat 0",
            one + "#dog 1",
            three + "# -1",
            "none#dog 1");
    assertThat(Listings.list(spark, table())).isEqualTo(listed);
    assertThat(Listings.read(spark, table()))
        .containsOnly(
            entry(two + "#cat", "two"),
            entry(one + "#cat", "one"),
            entry(one + "#dog", "one"),
            entry(three + "#", "three"),
            entry("none#dog", ""));
    session.table(VIEW).repartition(5).createOrReplaceTempView(VIEW);
    assertThat(Listings.list(spark, table())).isEqualTo(listed);
  }

  @Test
  void takesTheColumnsThatAreNamed() {
    StructType schema =
        new StructType()
            .add("thumb", "binary")
            .add("full", new StructType().add("bytes", "binary").add("path", "string"))
            .add("meta", new StructType().add("kind", "int"));
    view(
        schema,
        RowFactory.create(
            bytes("t"), RowFactory.create(bytes("one"), "1.jpg"), RowFactory.create(1)),
        RowFactory.create(bytes("t"), RowFactory.create(null, "2.jpg"), RowFactory.create(0)));
    Location table = table(new Location.Columns("full", "meta.kind", "full.path"), ClassNames.NONE);
    assertThat(Listings.list(spark, table)).containsExactly("1.jpg 1", "2.jpg 0");
    assertThat(Listings.read(spark, table))
        .containsExactly(entry("1.jpg", "one"), entry("2.jpg", ""));
    assertRefused(
        table(),
        "2 columns could be the images: thumb, full. Name it in dataset.columns.image; there are thumb"
            + " (binary), full (struct<bytes:binary,path:string>), meta (struct<kind:int>).");
    assertRefused(
        table(new Location.Columns("full", null, null), ClassNames.NONE),
        "no column label or class. Name the column of labels in dataset.columns.label; there are thumb"
            + " (binary), full (struct<bytes:binary,path:string>), meta (struct<kind:int>).");
  }

  @Test
  void readsWhatSparksImageReaderGives() throws Exception {
    StructType image =
        new StructType()
            .add("origin", "string")
            .add("height", "int")
            .add("width", "int")
            .add("nChannels", "int")
            .add("mode", "int")
            .add("data", "binary");
    StructType schema = new StructType().add("image", image).add("label", "long");
    view(
        schema,
        RowFactory.create(pixels("grey", 1, 2, 0, 5, 6), 0L),
        RowFactory.create(pixels("bgr", 1, 2, 16, 1, 2, 3, 4, 5, 6), 1L),
        RowFactory.create(pixels("bgra", 1, 1, 24, 100, 50, 200, 128), 0L),
        RowFactory.create(pixels("undefined", -1, -1, -1), 0L),
        RowFactory.create(pixels("short", 1, 2, 16, 1, 2, 3, 4, 5), 0L),
        RowFactory.create(null, null));
    Location table = table(new Location.Columns(null, null, "coalesced"), ClassNames.NONE);
    session
        .table(VIEW)
        .selectExpr("*", "coalesce(image.origin, 'null') as coalesced")
        .createOrReplaceTempView(VIEW);
    assertThat(Listings.read(spark, table))
        .containsOnly(
            entry("grey", "1 x 2 x 1 \u0005\u0006"),
            entry("bgr", "1 x 2 x 3 \u0003\u0002\u0001\u0006\u0005\u0004"),
            entry("bgra", "1 x 1 x 3 " + (char) 100 + (char) 25 + (char) 50),
            entry("undefined", ""),
            entry("short", ""),
            entry("null", ""));
    assertThat(Listings.list(spark, table)).contains("bgr 1", "null -1").hasSize(6);
    assertThat(Listings.list(spark, table())).hasSize(6);
  }

  @Test
  void refusesPixelsOfAnotherType() {
    view(
        new StructType()
            .add(
                "image",
                new StructType()
                    .add("height", "int")
                    .add("width", "int")
                    .add("mode", "int")
                    .add("data", "binary"))
            .add("label", "int")
            .add("name", "string"),
        RowFactory.create(RowFactory.create(1, 1, 5, bytes("abcd")), 0, "float"));
    Listings.assertRefused(
        () ->
            Listings.read(spark, table(new Location.Columns(null, null, "name"), ClassNames.NONE)),
        "dataset.train = photos: float has pixels of OpenCV's type 5. Read are 0 (grey), 16 (blue,"
            + " green, red) and 24 (with alpha), of eight bits: what Spark's image reader gives.");
  }

  @Test
  void labelsFilesThatSparkReadByTheirFolders() throws Exception {
    for (String file : List.of("cat/1.jpg", "dog/2 x.jpg")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), file);
    }
    session
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", true)
        .load(root.toString())
        .createOrReplaceTempView(VIEW);
    assertThat(Listings.classNames(spark, table())).containsExactly("cat", "dog");
    assertThat(Listings.list(spark, table()))
        .containsExactly("file:" + root + "/cat/1.jpg 0", "file:" + root + "/dog/2 x.jpg 1");
    assertThat(Listings.read(spark, table()))
        .containsEntry("file:" + root + "/dog/2 x.jpg", "dog/2 x.jpg");
  }

  @Test
  void refusesAnOriginThatIsThereTwiceOrNull() {
    StructType schema =
        new StructType().add("id", "long").add("image", "binary").add("label", "string");
    view(
        schema, RowFactory.create(7L, bytes("one"), "a"), RowFactory.create(7L, bytes("two"), "b"));
    Location table = table(new Location.Columns(null, null, "id"), ClassNames.NONE);
    assertRefused(
        table,
        "7 is there twice, and images are told apart by it. Name another column in"
            + " dataset.columns.origin, one that no two rows have equal.");
    view(schema, RowFactory.create(null, bytes("one"), "a"));
    assertRefused(
        table,
        "a row has null in dataset.columns.origin. Every image needs an origin of its own: fill the"
            + " column, or take another.");
  }

  @Test
  void refusesColumnsOfTypesThatAreNotRead() {
    view(
        new StructType().add("image", "string").add("picture", "binary").add("label", "double"),
        RowFactory.create("1.jpg", bytes("one"), 0.0));
    assertRefused(
        table(),
        "the label column `label` has the type double. Labels are texts or whole numbers: make a view"
            + " with a cast, or name another column in dataset.columns.label.");
    assertRefused(
        table(new Location.Columns("image", null, null), ClassNames.NONE),
        "dataset.columns.image = image has the type string. An image is the bytes of a picture file"
            + " (binary), a struct with bytes and path, or what Spark's image reader gives.");
  }

  @Test
  void refusesATableThatSparkDoesNotKnowAndOneWithoutImages() {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> Listings.list(spark, table()))
        .isInstanceOf(dev.tessera.error.JobException.class)
        .hasMessageStartingWith("dataset.train = photos: ")
        .hasMessageContaining("cannot be found")
        .hasMessageEndingWith(
            "Give a table that this Spark session knows, or make a view of a DataFrame with"
                + " createOrReplaceTempView.");
    view(new StructType().add("label", "int"), RowFactory.create(1));
    assertRefused(
        table(),
        "no column has images: bytes of picture files, or a struct with them. Name it in"
            + " dataset.columns.image; there are label (int).");
  }

  @Test
  void refusesNamesThatCouldBePlacesOfOthers() {
    view(
        new StructType().add("image", "binary").add("label", DataTypes.IntegerType),
        RowFactory.create(bytes("one"), 1));
    assertRefused(
        table(Location.Columns.FOUND, ClassNames.of(List.of("1", "0"))),
        "class 0 is named \"1\", so a label 1 could mean two classes. Give other names.");
    Location digits = table(Location.Columns.FOUND, ClassNames.of(List.of("0", "1", "8")));
    assertThat(Listings.list(spark, digits)).singleElement().asString().endsWith("#1 1");
  }

  @Test
  void sortsNumbersByValueAndTextsByCodeUnit() {
    StructType schema = new StructType().add("image", "binary").add("label", "string");
    view(schema, RowFactory.create(bytes("1"), "10"), RowFactory.create(bytes("2"), "9"));
    assertThat(Listings.classNames(spark, table())).containsExactly("9", "10");
    view(
        schema,
        RowFactory.create(bytes("1"), "10"),
        RowFactory.create(bytes("2"), "9"),
        RowFactory.create(bytes("2"), "a"),
        RowFactory.create(bytes("2"), "B"));
    assertThat(Listings.classNames(spark, table())).containsExactly("10", "9", "B", "a");
  }

  private void assertRefused(Location location, String message) {
    Listings.assertRefused(
        () -> Listings.list(spark, location), "dataset.train = photos: " + message);
  }

  private static Location table() {
    return table(Location.Columns.FOUND, ClassNames.NONE);
  }

  private static Location table(Location.Columns columns, ClassNames names) {
    return new Location.Table(VIEW, columns, names);
  }

  private void view(StructType schema, Row... rows) {
    Dataset<Row> table = session.createDataFrame(Arrays.asList(rows), schema);
    table.createOrReplaceTempView(VIEW);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static @Nullable Row pixels(
      String origin, int height, int width, int mode, int... values) {
    byte[] data = new byte[values.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) values[i];
    }
    return RowFactory.create(origin, height, width, mode == 0 ? 1 : 3, mode, data);
  }
}
