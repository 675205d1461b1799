package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;

/** Images that were left out, as rows of a Parquet file. */
final class QuarantineRows implements AutoCloseable {
  private final MessageType schema = PackedColumns.quarantine();
  private final ParquetWriter<Group> writer;

  QuarantineRows(OutputFile file) throws IOException {
    writer = ParquetRows.write(file, schema, Map::of);
  }

  void add(String set, BadImage bad) throws IOException {
    Group row = new SimpleGroup(schema);
    row.add(PackedColumns.SET, set);
    row.add(PackedColumns.ORIGIN, bad.origin());
    row.add(PackedColumns.LABEL, bad.label());
    row.add(PackedColumns.SIZE_BYTES, bad.sizeBytes());
    row.add(PackedColumns.REASON, bad.reason());
    row.add(PackedColumns.FIRST_BYTES, bad.firstBytes());
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** All rows of a file, which are those of one part of a set. */
  static List<BadImage> read(InputFile file) throws IOException {
    List<BadImage> bad = new ArrayList<>();
    try (ParquetReader<Group> rows = ParquetRows.read(file, PackedColumns.quarantine())) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        bad.add(
            new BadImage(
                new ExampleRef(
                    row.getString(PackedColumns.ORIGIN, 0), row.getInteger(PackedColumns.LABEL, 0)),
                new DecodeFailure(
                    row.getString(PackedColumns.REASON, 0),
                    row.getLong(PackedColumns.SIZE_BYTES, 0),
                    row.getString(PackedColumns.FIRST_BYTES, 0))));
      }
    }
    return bad;
  }
}
