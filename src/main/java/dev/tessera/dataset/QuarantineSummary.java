package dev.tessera.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.slf4j.Logger;

/**
 * What a log says of images that were left out: how many for which kind of reason, and the first by
 * name.
 *
 * @param first by origin, at most ten
 */
record QuarantineSummary(Reasons reasons, List<BadImage> first) {
  private static final int NAMED = 10;

  /** Of packed files. Runs two small Spark jobs where there are any. */
  static QuarantineSummary of(JavaRDD<PackedFile> files) {
    JavaRDD<BadImage> bad = files.flatMap(new Bad());
    Reasons reasons = new Reasons();
    TaskFailures.unwrapped(() -> bad.mapPartitions(new Count()).collect()).forEach(reasons::add);
    List<BadImage> first =
        reasons.images() == 0
            ? List.of()
            : TaskFailures.unwrapped(() -> bad.takeOrdered(NAMED, new ByOrigin()));
    return new QuarantineSummary(reasons, first);
  }

  void log(Logger log, String where) {
    lines(where).forEach(log::warn);
  }

  private List<String> lines(String where) {
    List<String> lines = new ArrayList<>();
    first.forEach(bad -> lines.add("Left out: " + bad));
    if (reasons.images() > 0) {
      lines.add(reasons.describe(where));
    }
    return lines;
  }

  private record Bad() implements FlatMapFunction<PackedFile, BadImage> {
    @Override
    public Iterator<BadImage> call(PackedFile file) {
      return file.bad().iterator();
    }
  }

  private record ByOrigin() implements Comparator<BadImage>, Serializable {
    @Override
    public int compare(BadImage a, BadImage b) {
      return a.origin().compareTo(b.origin());
    }
  }

  private record Count() implements FlatMapFunction<Iterator<BadImage>, Reasons> {
    @Override
    public Iterator<Reasons> call(Iterator<BadImage> images) {
      Reasons reasons = new Reasons();
      images.forEachRemaining(reasons::add);
      return List.of(reasons).iterator();
    }
  }
}
