package dev.tessera.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * One packed file, to be looked at by a task. (A class and not a record, like everything that Spark
 * moves: Kryo can't make records.)
 */
final class PackedFile implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String where;
  private final String dir;
  private final String set;
  private final int part;
  private final SerializableConfiguration configuration;

  PackedFile(PackedPlace place, String set, int part, SerializableConfiguration configuration) {
    this.where = place.where();
    this.dir = place.dir();
    this.set = set;
    this.part = part;
    this.configuration = configuration;
  }

  private PackedPlace place() {
    return new PackedPlace(where, dir);
  }

  String set() {
    return set;
  }

  int part() {
    return part;
  }

  PackedSource.Rows rows(MessageType columns) {
    return new PackedSource.Rows(place(), set, part, columns, configuration.value());
  }

  /** What was counted of it, or null if it is not there or not whole. */
  @Nullable SetFigures figuresIfWhole() {
    try {
      return figures(place().part(set, part));
    } catch (IOException | RuntimeException e) {
      // It is written again, which tells what is wrong if anything is.
      return null;
    }
  }

  /** What was counted of it. */
  SetFigures figures() {
    Path file = place().part(set, part);
    try {
      return figures(file);
    } catch (IOException | RuntimeException e) {
      throw place().unreadable(file, e);
    }
  }

  private SetFigures figures(Path file) throws IOException {
    FileSystem fileSystem = place().fileSystem(configuration.value());
    try (ParquetFileReader reader = ParquetFileReader.open(new StoreFile(fileSystem, file))) {
      String text =
          reader
              .getFooter()
              .getFileMetaData()
              .getKeyValueMetaData()
              .get(PackedColumns.FIGURES_NOTE);
      if (text == null) {
        throw new IOException("it was not written by tessera prepare");
      }
      return SetFigures.parse(text);
    }
  }

  /** What was left out of it. */
  List<BadImage> bad() {
    Path file = place().quarantine(set, part);
    try {
      FileSystem fileSystem = place().fileSystem(configuration.value());
      return fileSystem.exists(file)
          ? QuarantineRows.read(new StoreFile(fileSystem, file))
          : List.of();
    } catch (IOException | RuntimeException e) {
      throw place().unreadable(file, e);
    }
  }
}
