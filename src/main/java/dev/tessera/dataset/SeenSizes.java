package dev.tessera.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * The sizes that images had: the common ones, and the extremes. (A class and not a record, like
 * everything that Spark moves: Kryo can't make records.)
 */
final class SeenSizes implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many sizes are told. */
  private static final int COMMON = 20;

  private final ArrayList<Count> common = new ArrayList<>();
  private long distinct;
  private int minHeight = Integer.MAX_VALUE;
  private int maxHeight;
  private int minWidth = Integer.MAX_VALUE;
  private int maxWidth;

  /** How many images had a size. */
  static final class Count implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int height;
    private final int width;
    private final long images;

    Count(int height, int width, long images) {
      this.height = height;
      this.width = width;
      this.images = images;
    }

    int height() {
      return height;
    }

    int width() {
      return width;
    }

    long images() {
      return images;
    }

    private long key() {
      return (long) height << Integer.SIZE | width;
    }
  }

  /** Runs one Spark job over two narrow columns. */
  static SeenSizes of(JavaRDD<PackedFile> files) {
    SeenSizes seen = new SeenSizes();
    TaskFailures.unwrapped(
            () ->
                files
                    .flatMap(new CountFile())
                    .keyBy(new Key())
                    .reduceByKey(new Add())
                    .values()
                    .mapPartitions(new Summarise())
                    .collect())
        .forEach(seen::add);
    return seen;
  }

  private void add(Count size) {
    distinct++;
    minHeight = Math.min(minHeight, size.height);
    maxHeight = Math.max(maxHeight, size.height);
    minWidth = Math.min(minWidth, size.width);
    maxWidth = Math.max(maxWidth, size.width);
    common.add(size);
    if (common.size() >= 2 * COMMON) {
      keepCommon();
    }
  }

  /** Adds sizes that are all others. */
  private void add(SeenSizes other) {
    distinct += other.distinct;
    minHeight = Math.min(minHeight, other.minHeight);
    maxHeight = Math.max(maxHeight, other.maxHeight);
    minWidth = Math.min(minWidth, other.minWidth);
    maxWidth = Math.max(maxWidth, other.maxWidth);
    common.addAll(other.common);
    keepCommon();
  }

  private void keepCommon() {
    common.sort(
        Comparator.comparingLong(Count::images)
            .reversed()
            .thenComparingInt(Count::height)
            .thenComparingInt(Count::width));
    if (common.size() > COMMON) {
      common.subList(COMMON, common.size()).clear();
    }
  }

  /** The twenty most common, the most common first. */
  List<Count> common() {
    return List.copyOf(common);
  }

  long distinct() {
    return distinct;
  }

  int minHeight() {
    return minHeight;
  }

  int maxHeight() {
    return maxHeight;
  }

  int minWidth() {
    return minWidth;
  }

  int maxWidth() {
    return maxWidth;
  }

  private record CountFile() implements FlatMapFunction<PackedFile, Count> {
    @Override
    public Iterator<Count> call(PackedFile file) {
      Map<Long, Count> counts = new HashMap<>();
      try (PackedSource.Rows rows = file.rows(PackedColumns.sizes())) {
        while (rows.hasNext()) {
          Group row = rows.next();
          Count one =
              new Count(
                  row.getInteger(PackedColumns.ORIGINAL_HEIGHT, 0),
                  row.getInteger(PackedColumns.ORIGINAL_WIDTH, 0),
                  1);
          counts.merge(one.key(), one, new Add()::call);
        }
      }
      return counts.values().iterator();
    }
  }

  private record Key() implements Function<Count, Long> {
    @Override
    public Long call(Count size) {
      return size.key();
    }
  }

  private record Add() implements Function2<Count, Count, Count> {
    @Override
    public Count call(Count a, Count b) {
      return new Count(a.height, a.width, a.images + b.images);
    }
  }

  private record Summarise() implements FlatMapFunction<Iterator<Count>, SeenSizes> {
    @Override
    public Iterator<SeenSizes> call(Iterator<Count> sizes) {
      SeenSizes seen = new SeenSizes();
      sizes.forEachRemaining(seen::add);
      return seen.distinct == 0 ? List.<SeenSizes>of().iterator() : List.of(seen).iterator();
    }
  }
}
