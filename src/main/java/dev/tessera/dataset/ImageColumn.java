package dev.tessera.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.encode;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The ways in which a column of a table can hold images. */
enum ImageColumn {
  /** Bytes of a picture file. */
  BYTES(""),

  /** Hugging Face's struct, of which the path is only told. */
  BYTES_AND_PATH(".bytes"),

  /** What Spark's image reader gives: pixels as OpenCV has them. */
  PIXELS(".data");

  private static final List<String> SHAPE = List.of(".height", ".width", ".mode");
  private static final byte[] NONE = new byte[0];

  private final String bytes;

  ImageColumn(String bytes) {
    this.bytes = bytes;
  }

  /** Parts of the struct that say what the bytes are. */
  private List<String> shape() {
    return this == PIXELS ? SHAPE : List.of();
  }

  /** The way that a column of this type holds images, null if it can't. */
  static @Nullable ImageColumn of(DataType type) {
    if (type instanceof BinaryType) {
      return BYTES;
    }
    if (!(type instanceof StructType struct)) {
      return null;
    }
    if (has(struct, "data") && names(struct).containsAll(Set.of("height", "width", "mode"))) {
      return PIXELS;
    }
    return has(struct, "bytes") ? BYTES_AND_PATH : null;
  }

  private static List<String> names(StructType struct) {
    return List.of(struct.fieldNames());
  }

  private static boolean has(StructType struct, String binaryField) {
    return Arrays.stream(struct.fields())
        .anyMatch(
            (StructField field) ->
                field.name().equals(binaryField) && field.dataType() instanceof BinaryType);
  }

  /** What {@link #example} reads of a row: the origin, then the image. */
  Column[] select(Column origin, String name) {
    return Stream.concat(
            Stream.of(origin, col(name + bytes)),
            shape().stream().map(part -> col(name + part).cast("int")))
        .toArray(Column[]::new);
  }

  /** All that makes the image, as bytes. */
  Column content(String name) {
    Column[] parts = shape().stream().map(part -> col(name + part)).toArray(Column[]::new);
    return shape().isEmpty()
        ? col(name + bytes)
        : concat(col(name + bytes), encode(concat_ws("x", parts), "UTF-8"));
  }

  /** An example of a row of {@link #select}; without bytes where the row has no image. */
  EncodedExample example(String where, String origin, Row row) {
    byte[] found = row.isNullAt(1) ? NONE : row.<byte[]>getAs(1);
    if (shape().isEmpty() || found.length == 0 || row.isNullAt(2) || row.isNullAt(3)) {
      return EncodedExample.file(origin, shape().isEmpty() ? found : NONE);
    }
    return OpenCvPixels.example(
        where, origin, found, row.getInt(2), row.getInt(3), row.isNullAt(4) ? -1 : row.getInt(4));
  }
}
