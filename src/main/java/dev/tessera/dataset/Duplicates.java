package dev.tessera.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * Images of equal content, over all sets, as rows of files in {@code duplicates/}: those of a group
 * one after the other. (A class and not a record, like everything that Spark moves: Kryo can't make
 * records.)
 */
final class Duplicates implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int IMAGES_OF_A_FILE = 500_000;
  private static final String BETWEEN = "\t";
  private static final int FIELDS = 4;

  private long groups;
  private long images;
  private long acrossSets;
  private long acrossClasses;

  /**
   * Finds them. Runs one Spark job, with a shuffle of hashes and origins.
   *
   * @param packed how many images there are
   */
  static Duplicates find(
      JavaRDD<PackedFile> files,
      long packed,
      PackedPlace place,
      SerializableConfiguration configuration) {
    int parts = (int) Math.min(10_000, 1 + packed / IMAGES_OF_A_FILE);
    Duplicates all = new Duplicates();
    TaskFailures.unwrapped(
            () ->
                files
                    .flatMap(new Keys())
                    .keyBy(new Itself())
                    .repartitionAndSortWithinPartitions(new ByHash(parts))
                    .values()
                    .mapPartitionsWithIndex(new WriteGroups(place, configuration), true)
                    .collect())
        .forEach(all::add);
    return all;
  }

  private void add(Duplicates other) {
    groups += other.groups;
    images += other.images;
    acrossSets += other.acrossSets;
    acrossClasses += other.acrossClasses;
  }

  private void count(List<String[]> group) {
    groups++;
    images += group.size();
    acrossSets += distinct(group, 1) > 1 ? 1 : 0;
    acrossClasses += distinct(group, 2) > 1 ? 1 : 0;
  }

  private static long distinct(List<String[]> group, int field) {
    return group.stream().map(image -> image[field]).distinct().count();
  }

  /** Contents that more than one image has. */
  long groups() {
    return groups;
  }

  /** Images in all groups. */
  long images() {
    return images;
  }

  /** Groups with images in more than one set. */
  long acrossSets() {
    return acrossSets;
  }

  /** Groups with images of more than one class. */
  long acrossClasses() {
    return acrossClasses;
  }

  /** Hash, set, label and origin in a text, so that nothing of ours has to be compared by Spark. */
  private record Keys() implements FlatMapFunction<PackedFile, String> {
    @Override
    public Iterator<String> call(PackedFile file) {
      List<String> keys = new ArrayList<>();
      try (PackedSource.Rows rows = file.rows(PackedColumns.hashes())) {
        while (rows.hasNext()) {
          Group row = rows.next();
          keys.add(
              String.join(
                  BETWEEN,
                  row.getString(PackedColumns.CONTENT_HASH, 0),
                  file.set(),
                  Integer.toString(row.getInteger(PackedColumns.LABEL, 0)),
                  row.getString(PackedColumns.ORIGIN, 0)));
        }
      }
      return keys.iterator();
    }
  }

  private record Itself() implements Function<String, String> {
    @Override
    public String call(String key) {
      return key;
    }
  }

  private static final class ByHash extends Partitioner {
    private static final long serialVersionUID = 1L;

    private static final int DIGITS = 7;

    private final int parts;

    ByHash(int parts) {
      this.parts = parts;
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object key) {
      long start = Long.parseLong(((String) key).substring(0, DIGITS), 16);
      return (int) ((start * parts) >>> (4 * DIGITS));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByHash that && parts == that.parts;
    }

    @Override
    public int hashCode() {
      return parts;
    }
  }

  /**
   * Executor side: sorted keys to the file of their groups, which is left out if there are none.
   */
  private record WriteGroups(PackedPlace place, SerializableConfiguration configuration)
      implements Function2<Integer, Iterator<String>, Iterator<Duplicates>> {
    @Override
    public Iterator<Duplicates> call(Integer part, Iterator<String> sorted) {
      Path file =
          place.file(
              String.format(Locale.ROOT, "%s/part-%05d.parquet", PackedPlace.DUPLICATES, part));
      try (Groups groups = new Groups(place, file, configuration)) {
        sorted.forEachRemaining(groups::next);
        return List.of(groups.finish()).iterator();
      } catch (IOException e) {
        throw place.failure("write", file, e);
      }
    }
  }

  /** One group at a time. */
  private static final class Groups implements AutoCloseable {
    private final MessageType schema = PackedColumns.duplicates();
    private final Duplicates counted = new Duplicates();
    private final List<String[]> group = new ArrayList<>();
    private final PackedPlace place;
    private final FileSystem fileSystem;
    private final Path file;
    private final Path beside;
    private final ParquetWriter<Group> writer;

    Groups(PackedPlace place, Path file, SerializableConfiguration configuration)
        throws IOException {
      this.place = place;
      this.fileSystem = place.fileSystem(configuration.value());
      this.file = file;
      TaskContext task = TaskContext.get();
      beside = PackedPlace.beside(file, task == null ? 0 : task.taskAttemptId());
      writer = ParquetRows.write(new StoreFile(fileSystem, beside), schema, Map::of);
    }

    void next(String key) {
      String[] image = key.split(BETWEEN, FIELDS);
      if (!group.isEmpty() && !group.get(0)[0].equals(image[0])) {
        end();
      }
      group.add(image);
    }

    private void end() {
      if (group.size() > 1) {
        counted.count(group);
        group.forEach(this::write);
      }
      group.clear();
    }

    private void write(String[] image) {
      Group row = new SimpleGroup(schema);
      row.add(PackedColumns.CONTENT_HASH, image[0]);
      row.add(PackedColumns.SET, image[1]);
      row.add(PackedColumns.LABEL, Integer.parseInt(image[2]));
      row.add(PackedColumns.ORIGIN, image[3]);
      try {
        writer.write(row);
      } catch (IOException e) {
        throw place.failure("write", file, e);
      }
    }

    Duplicates finish() throws IOException {
      end();
      writer.close();
      if (counted.groups > 0) {
        PackedPlace.rename(fileSystem, beside, file);
      } else {
        fileSystem.delete(beside, false);
        fileSystem.delete(file, false);
      }
      return counted;
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
