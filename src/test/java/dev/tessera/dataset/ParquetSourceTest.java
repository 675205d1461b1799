package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class ParquetSourceTest {
  /** As Hugging Face's writer names and types them. */
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message schema { optional group image { optional binary bytes; optional binary path"
              + " (STRING); } optional int64 label; }");

  @TempDir private Path root;
  private SparkSession session;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(SparkSession shared, JavaSparkContext context) {
    session = shared;
    spark = context;
  }

  @Test
  void readsHuggingFacesImagesAndClassNames() throws Exception {
    Path file =
        write(
            "train x.parquet",
            Map.of(
                "huggingface",
                "{\"info\": {\"features\": {\"image\": {\"_type\": \"Image\"}, \"label\": {\"names\":"
                    + " [\"shirt\", \"dress\", \"hat\"], \"_type\": \"ClassLabel\"}}}}"),
            1,
            0,
            -1);
    assertThat(Listings.classNames(spark, parquet(file))).containsExactly("shirt", "dress", "hat");
    assertThat(Listings.list(spark, parquet(file)))
        .containsExactly("train x.parquet#0 1", "train x.parquet#1 0", "train x.parquet#2 -1");
    assertThat(Listings.read(spark, parquet(file)))
        .containsExactly(
            entry("train x.parquet#0", "image 0"),
            entry("train x.parquet#1", "image 1"),
            entry("train x.parquet#2", "image 2"));
  }

  @Test
  void takesTheNamesOfTheJobBeforeThoseOfTheFile() throws Exception {
    Path file =
        write(
            "a.parquet",
            Map.of(
                "huggingface",
                "{\"info\": {\"features\": {\"label\": {\"names\": [\"x\", \"y\"]}}}}"),
            1);
    Location named =
        new Location.Parquet(
            List.of(file.toString()), Location.Columns.FOUND, ClassNames.of(List.of("cat", "dog")));
    assertThat(Listings.classNames(spark, named)).containsExactly("cat", "dog");
    Path other = write("b.parquet", Map.of("huggingface", "not JSON"), 4, 2);
    assertThat(Listings.classNames(spark, parquet(other))).containsExactly("2", "4");
    assertThat(Listings.list(spark, parquet(other)))
        .containsExactly("b.parquet#0 1", "b.parquet#1 0");
  }

  @Test
  void hasTheSameOriginsWhereverTheFolderLies() throws Exception {
    for (String place : List.of("here", "else/where")) {
      write(place + "/year=1/a.parquet", Map.of(), 0, 1, 1);
      write(place + "/year=2/a.parquet", Map.of(), 1);
      Files.write(root.resolve(place + "/_SUCCESS"), new byte[0]);
    }
    List<String> expected =
        List.of(
            "year=1/a.parquet#0 0",
            "year=1/a.parquet#1 1",
            "year=1/a.parquet#2 1",
            "year=2/a.parquet#0 1");
    assertThat(Listings.list(spark, parquet(root.resolve("here")))).isEqualTo(expected);
    assertThat(Listings.list(spark, parquet(root.resolve("else/where")))).isEqualTo(expected);
  }

  @Test
  void labelsByThePartitionsOfATable() throws Exception {
    StructType schema = new StructType().add("image", "binary").add("label", "string");
    List<Row> rows = new ArrayList<>();
    for (String label : List.of("cat", "dog", "dog")) {
      rows.add(RowFactory.create(label.getBytes(StandardCharsets.UTF_8), label));
    }
    session
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .partitionBy("label")
        .parquet(root.resolve("table").toString());
    Location table = parquet(root.resolve("table"));
    assertThat(Listings.classNames(spark, table)).containsExactly("cat", "dog");
    assertThat(Listings.list(spark, table))
        .hasSize(3)
        .satisfiesOnlyOnce(line -> assertThat(line).startsWith("label=cat/part-").endsWith("#0 0"));
  }

  @Test
  void takesGlobsAndFilesWithOddNames() throws Exception {
    write("a b%.parquet", Map.of(), 0);
    write("c#1.parquet", Map.of(), 1);
    assertThat(Listings.list(spark, parquet(root.resolve("*.parquet"))))
        .containsExactly("a b%.parquet#0 0", "c#1.parquet#0 1");
  }

  @Test
  void refusesTwoFilesOfOneName() throws Exception {
    Path x = write("x/a.parquet", Map.of(), 0);
    Path y = write("y/a.parquet", Map.of(), 1);
    Location both =
        new Location.Parquet(
            List.of(x.toString(), y.toString()), Location.Columns.FOUND, ClassNames.NONE);
    Listings.assertRefused(
        () -> Listings.list(spark, both),
        "dataset.train = ["
            + x
            + ", "
            + y
            + "]: a.parquet#0 is there twice, and images are told apart by it. Rename one of the files,"
            + " or name the folder that both lie below.");
  }

  @Test
  void refusesWhatIsMissingOrNoParquet() throws Exception {
    Path none = root.resolve("none.parquet");
    Listings.assertRefused(
        () -> Listings.list(spark, parquet(none)),
        "dataset.train = " + none + ": there is no such file or folder. Check the path.");
    Path text = Files.writeString(root.resolve("text.parquet"), "no Parquet at all, just a text");
    assertThatThrownBy(() -> Listings.list(spark, parquet(text)))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("dataset.train = " + text + ": ")
        .hasMessageEndingWith("Name Parquet files, or folders of them.");
  }

  private static Location parquet(Path path) {
    return new Location.Parquet(List.of(path.toString()), Location.Columns.FOUND, ClassNames.NONE);
  }

  private Path write(String name, Map<String, String> metadata, int... labels) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    SimpleGroupFactory rows = new SimpleGroupFactory(SCHEMA);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(path, new Configuration()))
            .withType(SCHEMA)
            .withExtraMetaData(metadata)
            .build()) {
      for (int i = 0; i < labels.length; i++) {
        Group row = rows.newGroup();
        row.addGroup("image").append("bytes", Binary.fromString("image " + i));
        row.append("label", (long) labels[i]);
        writer.write(row);
      }
    }
    return file;
  }
}
