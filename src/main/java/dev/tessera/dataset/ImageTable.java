package dev.tessera.dataset;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.substring;

import dev.tessera.error.JobException;
import dev.tessera.error.TesseraException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * Rows of Spark SQL with an image, a label, and an origin. Which columns these are is what the job
 * says, else found by name and type.
 */
final class ImageTable {
  private static final List<String> IMAGE_NAMES = List.of("image", "img", "content");
  private static final List<String> LABEL_NAMES = List.of("label", "class");
  private static final Set<String> LABEL_TYPES =
      Set.of("string", "byte", "short", "integer", "long", "boolean");

  /** What Spark's own reader of whole files gives. */
  private static final Set<String> BINARY_FILE = Set.of("path", "length", "content");

  private static final int HASH_DIGITS = 32;

  private final String where;
  private final Dataset<Row> rows;
  private final String imageName;
  private final ImageColumn image;

  /** Null: the folder that the file lies in. */
  private final @Nullable String labelName;

  private final Column label;
  private final Column origin;
  private final boolean byContent;

  /**
   * Looks at the columns; reads nothing.
   *
   * @param otherwise origin of a row where the job names no column; null: a hash of the content
   * @throws JobException if a column is missing, ambiguous, or of a type that is not read
   */
  ImageTable(
      String where, Dataset<Row> rows, Location.Columns columns, @Nullable Column otherwise) {
    this.where = where;
    this.rows = rows;
    imageName = columns.image() == null ? findImage() : columns.image();
    image = imageColumn(imageName);
    labelName = columns.label() == null ? findLabel() : columns.label();
    label = labelName == null ? folderOf(col("path")) : label(labelName);
    byContent = columns.origin() == null && otherwise == null && !isBinaryFile();
    origin = origin(columns.origin(), otherwise);
  }

  /** The name of the label column, or null if there is none. */
  @Nullable String labelName() {
    return labelName;
  }

  /** The refs of all rows; of the images only what the origin needs is read. */
  JavaRDD<LabelledRef> refs(Function<String, String> originOf) {
    return rows.select(origin, label).javaRDD().map(new ToRef(where, originOf));
  }

  /** The labels of all rows, without origins: where these are hashes, no image is read. */
  JavaRDD<LabelledRef> labels() {
    return rows.select(lit(""), label).javaRDD().map(new ToRef(where, origin -> origin));
  }

  /** The images of all rows. */
  JavaRDD<EncodedExample> examples(Function<String, String> originOf) {
    return rows.select(image.select(origin, imageName))
        .javaRDD()
        .map(new ToExample(where, originOf, image));
  }

  /** Whether rows are told apart by their content: those of equal origins are then equal. */
  boolean isByContent() {
    return byContent;
  }

  private Column origin(@Nullable String name, @Nullable Column otherwise) {
    if (name != null) {
      type(name, "origin");
      return col(name).cast("string");
    }
    if (otherwise != null) {
      return otherwise;
    }
    if (isBinaryFile()) {
      return col("path");
    }
    Column hash = substring(sha2(image.content(imageName), 256), 1, HASH_DIGITS);
    return concat(coalesce(hash, lit("none")), lit("#"), coalesce(label, lit("")));
  }

  private static Column folderOf(Column path) {
    return element_at(split(path, "/"), -2);
  }

  private boolean isBinaryFile() {
    return List.of(rows.columns()).containsAll(BINARY_FILE);
  }

  private String findImage() {
    List<StructField> candidates =
        Arrays.stream(rows.schema().fields())
            .filter(field -> ImageColumn.of(field.dataType()) != null)
            .toList();
    String found = named(candidates, IMAGE_NAMES);
    if (found != null) {
      return found;
    }
    if (candidates.size() == 1) {
      return quoted(candidates.get(0).name());
    }
    throw new JobException(
        where
            + (candidates.isEmpty()
                ? ": no column has images: bytes of picture files, or a struct with them."
                : ": "
                    + candidates.size()
                    + " columns could be the images: "
                    + candidates.stream().map(StructField::name).collect(Collectors.joining(", "))
                    + ".")
            + " Name it in dataset.columns.image; there are "
            + described()
            + ".");
  }

  private @Nullable String findLabel() {
    String found = named(List.of(rows.schema().fields()), LABEL_NAMES);
    if (found != null || isBinaryFile()) {
      return found;
    }
    throw new JobException(
        where
            + ": no column label or class. Name the column of labels in dataset.columns.label;"
            + " there are "
            + described()
            + ".");
  }

  private static @Nullable String named(List<StructField> fields, List<String> names) {
    for (String name : names) {
      for (StructField field : fields) {
        if (field.name().toLowerCase(Locale.ROOT).equals(name)) {
          return quoted(field.name());
        }
      }
    }
    return null;
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private ImageColumn imageColumn(String name) {
    DataType type = type(name, "image");
    ImageColumn found = ImageColumn.of(type);
    if (found == null) {
      throw new JobException(
          where
              + ": dataset.columns.image = "
              + name
              + " has the type "
              + type.simpleString()
              + ". An image is the bytes of a picture file (binary), a struct with bytes and path, or"
              + " what Spark's image reader gives.");
    }
    return found;
  }

  private Column label(String name) {
    DataType type = type(name, "label");
    if (LABEL_TYPES.stream().noneMatch(known -> type.typeName().startsWith(known))) {
      throw new JobException(
          where
              + ": the label column "
              + name
              + " has the type "
              + type.simpleString()
              + ". Labels are texts or whole numbers: make a view with a cast, or name another"
              + " column in dataset.columns.label.");
    }
    return col(name).cast("string");
  }

  private DataType type(String name, String key) {
    return analysed(
        where + ": dataset.columns." + key + " = " + name,
        " There are " + described() + ".",
        () -> rows.select(col(name)).schema().fields()[0].dataType());
  }

  private String described() {
    return Arrays.stream(rows.schema().fields())
        .map(field -> field.name() + " (" + shortened(field.dataType().simpleString()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String shortened(String type) {
    return type.length() <= 80 ? type : type.substring(0, 77) + "...";
  }

  /**
   * Runs what Spark may refuse for the user's reasons; its analysis throws what it does not
   * declare.
   */
  static <T> T analysed(String where, String remedy, Supplier<T> analysis) {
    try {
      return analysis.get();
    } catch (TesseraException e) {
      throw e;
    } catch (Exception e) {
      String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
      throw new JobException(where + ": " + text + (text.endsWith(".") ? "" : ".") + remedy, e);
    }
  }

  private static String text(Row row, String where, Function<String, String> originOf)
      throws Exception {
    if (row.isNullAt(0)) {
      throw new JobException(
          where
              + ": a row has null in dataset.columns.origin. Every image needs an origin of its own:"
              + " fill the column, or take another.");
    }
    return originOf.call(row.getString(0));
  }

  private record ToRef(String where, Function<String, String> originOf)
      implements Function<Row, LabelledRef> {
    @Override
    public LabelledRef call(Row row) throws Exception {
      return new LabelledRef(text(row, where, originOf), row.isNullAt(1) ? null : row.getString(1));
    }
  }

  private record ToExample(String where, Function<String, String> originOf, ImageColumn image)
      implements Function<Row, EncodedExample> {
    @Override
    public EncodedExample call(Row row) throws Exception {
      return image.example(where, text(row, where, originOf), row);
    }
  }
}
