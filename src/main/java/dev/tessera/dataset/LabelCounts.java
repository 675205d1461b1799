package dev.tessera.dataset;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/** How many examples of every class a listing has, and how many files and folders passed over. */
final class LabelCounts {
  private final long[] ofClass;
  private final long hidden;

  private LabelCounts(long[] ofClass, long hidden) {
    this.ofClass = ofClass;
    this.hidden = hidden;
  }

  /** One Spark job; every partition sends one array. */
  static LabelCounts of(JavaRDD<ExampleRef> listed, int classes) {
    return of(listed, classes, () -> {});
  }

  /**
   * As above.
   *
   * @param report called now and then while it takes long
   */
  static LabelCounts of(JavaRDD<ExampleRef> listed, int classes, Runnable report) {
    long[] sum = new long[classes + 1];
    for (long[] part :
        Watched.result(listed.mapPartitions(new CountLabels(classes)).collectAsync(), report)) {
      for (int i = 0; i < part.length; i += 2) {
        sum[(int) part[i]] += part[i + 1];
      }
    }
    return new LabelCounts(Arrays.copyOf(sum, classes), sum[classes]);
  }

  long ofClass(int label) {
    return ofClass[label];
  }

  long hidden() {
    return hidden;
  }

  /** Examples of all classes. */
  long total() {
    return Arrays.stream(ofClass).sum();
  }

  private record CountLabels(int classes) implements FlatMapFunction<Iterator<ExampleRef>, long[]> {
    @Override
    public Iterator<long[]> call(Iterator<ExampleRef> refs) {
      long[] counts = new long[classes + 1];
      while (refs.hasNext()) {
        ExampleRef ref = refs.next();
        counts[ref.isHidden() ? classes : ref.label()]++;
      }
      return List.of(occurring(counts)).iterator();
    }

    /** Place and count of each: of many classes a part has few. */
    private static long[] occurring(long[] counts) {
      return IntStream.range(0, counts.length)
          .filter(i -> counts[i] > 0)
          .boxed()
          .flatMapToLong(i -> LongStream.of(i, counts[i]))
          .toArray();
    }
  }
}
