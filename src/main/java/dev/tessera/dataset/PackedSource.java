package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import dev.tessera.network.Shape;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sets of a packed folder. Origins are those of the images it was prepared from, the bad ones
 * included, so that splits, shards and their order are the same as with these.
 */
record PackedSource(PackedFolder folder, List<PackedSet> sets) implements StreamedSource {
  private static final int MOST_TASKS = 10_000;

  /**
   * What a setting of the dataset reads of a folder.
   *
   * @param set that the path names, or null: then all that the setting had when it was prepared
   * @param setting {@code train}, {@code validation} or {@code test}
   * @throws JobException if the folder has no such set
   */
  static PackedSource of(PackedFolder folder, @Nullable String set, String setting) {
    boolean pool = set == null && setting.equals(PackedSet.TRAIN);
    String name = set == null ? setting : set;
    List<PackedSet> sets =
        folder.sets().stream()
            .filter(packed -> pool ? packed.isOfTraining() : packed.name().equals(name))
            .toList();
    if (sets.isEmpty()) {
      throw new JobException(
          folder.place().where()
              + ": the prepared folder has no "
              + name
              + " set, but "
              + folder.sets().stream().map(PackedSet::name).collect(Collectors.joining(", "))
              + ". Name one of these, or prepare the images again with it.");
    }
    return new PackedSource(folder, sets);
  }

  @Override
  public String where() {
    return folder.place().where();
  }

  @Override
  public List<String> classNames(JavaSparkContext spark) {
    return folder.classNames();
  }

  @Override
  public String where(String className) {
    return "packed " + Printable.of(className);
  }

  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    return parts(spark).flatMap(new ListPart(this, configuration(spark)));
  }

  @Override
  public JavaRDD<EncodedExample> read(JavaSparkContext spark) {
    return parts(spark).flatMap(new ReadPart(this, configuration(spark)));
  }

  private static SerializableConfiguration configuration(JavaSparkContext spark) {
    return new SerializableConfiguration(spark.hadoopConfiguration());
  }

  private JavaRDD<Part> parts(JavaSparkContext spark) {
    List<Part> parts = parts();
    return spark.parallelize(parts, Math.max(1, Math.min(parts.size(), MOST_TASKS)));
  }

  /** Every file of the sets. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (PackedSet set : sets) {
      for (int number = 0; number < set.files(); number++) {
        parts.add(new Part(set.name(), number, set.quarantined().contains(number)));
      }
    }
    return parts;
  }

  /** One file. (A class and not a record: Kryo can't make records.) */
  static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String set;
    private final int number;
    private final boolean quarantined;

    Part(String set, int number, boolean quarantined) {
      this.set = set;
      this.number = number;
      this.quarantined = quarantined;
    }
  }

  private List<BadImage> bad(Part part, Configuration configuration) {
    if (!part.quarantined) {
      return List.of();
    }
    Path file = folder.place().quarantine(part.set, part.number);
    try {
      return QuarantineRows.read(new StoreFile(folder.place().fileSystem(configuration), file));
    } catch (IOException e) {
      throw folder.place().unreadable(file, e);
    }
  }

  /** Executor side: which images a file has, and which were left out of it. */
  private record ListPart(PackedSource source, SerializableConfiguration configuration)
      implements FlatMapFunction<Part, ExampleRef> {
    @Override
    public Iterator<ExampleRef> call(Part part) {
      List<ExampleRef> refs = new ArrayList<>();
      try (Rows rows = source.rows(part, PackedColumns.listing(), configuration.value())) {
        while (rows.hasNext()) {
          Group row = rows.next();
          refs.add(
              new ExampleRef(
                  row.getString(PackedColumns.ORIGIN, 0), row.getInteger(PackedColumns.LABEL, 0)));
        }
      }
      source.bad(part, configuration.value()).forEach(bad -> refs.add(bad.ref()));
      return refs.iterator();
    }
  }

  /** Executor side: the images of a file, one at a time. */
  private record ReadPart(PackedSource source, SerializableConfiguration configuration)
      implements FlatMapFunction<Part, EncodedExample> {
    @Override
    public Iterator<EncodedExample> call(Part part) {
      return source.examples(part, configuration.value());
    }
  }

  /** The images of a file, one at a time, then those that were left out of it. */
  Iterator<EncodedExample> examples(Part part, Configuration configuration) {
    String column = folder.form().column();
    Rows rows = rows(part, PackedColumns.content(column), configuration);
    TaskEnd.close(rows::close);
    Iterator<BadImage> bad = bad(part, configuration).iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext() || bad.hasNext();
      }

      @Override
      public EncodedExample next() {
        return rows.hasNext() ? example(rows.next(), column) : EncodedExample.bad(bad.next());
      }
    };
  }

  private EncodedExample example(Group row, String column) {
    String origin = row.getString(PackedColumns.ORIGIN, 0);
    byte[] bytes = row.getBinary(column, 0).getBytes();
    if (folder.form().isJpeg()) {
      return EncodedExample.file(origin, bytes);
    }
    return EncodedExample.pixels(
        origin,
        bytes,
        new Shape.Image(
            row.getInteger(PackedColumns.HEIGHT, 0),
            row.getInteger(PackedColumns.WIDTH, 0),
            row.getInteger(PackedColumns.CHANNELS, 0)));
  }

  private Rows rows(Part part, MessageType columns, Configuration configuration) {
    return new Rows(folder.place(), part.set, part.number, columns, configuration);
  }

  /** Rows of a packed file. */
  static final class Rows implements Iterator<Group>, AutoCloseable {
    private final PackedPlace place;
    private final Path file;
    private final ParquetReader<Group> reader;
    private @Nullable Group next;

    Rows(
        PackedPlace place, String set, int part, MessageType columns, Configuration configuration) {
      this.place = place;
      file = place.part(set, part);
      try {
        reader = ParquetRows.read(new StoreFile(place.fileSystem(configuration), file), columns);
        next = reader.read();
      } catch (IOException | RuntimeException e) {
        throw damaged(e);
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Group next() {
      Group row = next;
      if (row == null) {
        throw new NoSuchElementException(file + " has no more rows");
      }
      try {
        next = reader.read();
      } catch (IOException | RuntimeException e) {
        throw damaged(e);
      }
      return row;
    }

    /** Parquet has exceptions of its own for files that are not whole. */
    private RuntimeException damaged(Exception e) {
      return place.unreadable(file, e);
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw damaged(e);
      }
    }
  }
}
