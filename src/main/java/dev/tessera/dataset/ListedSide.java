package dev.tessera.dataset;

import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * A set of a job, listed and not read.
 *
 * @param source what was listed for it, as a whole
 * @param refs those of the set
 */
record ListedSide(ListedSet source, JavaRDD<ExampleRef> refs, PreparePlan.PlannedSet planned) {
  /** Pixels of a file: what a task that reads it holds, and twice that of one that writes it. */
  private static final int FILE_BYTES = 64 << 20;

  /** Of a small set, so that there is something for every core. */
  private static final int FILES = 64;

  /** Less than this is more to open than to read, but large pictures take their time. */
  private static final int LEAST_BYTES = 2 << 20;

  private static final int LEAST_IMAGES = 64;

  static ListedSide of(
      String name,
      ListedSet source,
      JavaRDD<ExampleRef> refs,
      boolean heldOut,
      int classes,
      Shape.Image shape) {
    long images = LabelCounts.of(refs, classes).total();
    int perFile = imagesPerFile(images, shape);
    long hash =
        TaskFailures.unwrapped(() -> refs.mapPartitions(new Hash()).collect()).stream()
            .mapToLong(Long::longValue)
            .sum();
    PreparePlan.PlannedSet planned =
        new PreparePlan.PlannedSet(
            name,
            heldOut,
            images,
            HexFormat.of().toHexDigits(hash),
            perFile,
            new Dealing(1, perFile).partitions(images));
    return new ListedSide(source, refs, planned);
  }

  /** A function of the set alone: files are the same on every cluster. */
  private static int imagesPerFile(long images, Shape.Image shape) {
    long most = Math.max(1, FILE_BYTES / shape.size());
    long least = Math.max(LEAST_IMAGES, LEAST_BYTES / shape.size());
    return (int) Math.min(most, Math.max(least, (images + FILES - 1) / FILES));
  }

  /** A sum, since partitions come in any order and cut. */
  private record Hash() implements FlatMapFunction<Iterator<ExampleRef>, Long> {
    @Override
    public Iterator<Long> call(Iterator<ExampleRef> refs) {
      long sum = 0;
      while (refs.hasNext()) {
        ExampleRef ref = refs.next();
        sum += RandomStream.hash64(0, Purpose.SPLIT, ref.label() + "/" + ref.origin());
      }
      return List.of(sum).iterator();
    }
  }
}
