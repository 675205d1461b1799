package dev.tessera.dataset;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * How long a folder takes to be listed, and what the driver needs for it: {@code ListingBench
 * MASTER FOLDER...}. Lists every folder twice; the second time is printed.
 */
final class ListingBench {
  private ListingBench() {}

  public static void main(String[] arguments) throws IOException {
    try (SparkSession session =
        SparkSession.builder()
            .master(arguments[0])
            .appName("listing")
            .config("spark.ui.enabled", false)
            .getOrCreate()) {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      for (String folder : List.of(arguments).subList(1, arguments.length)) {
        list(spark, folder);
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
          pool.resetPeakUsage();
        }
        long start = System.nanoTime();
        long images = list(spark, folder);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            "%-40s %9d images %8.2f s %10.0f images/s, peak heap %d MB, resident %s%n",
            folder, images, seconds, images / seconds, peakHeapBytes() >> 20, resident());
      }
    }
  }

  private static long list(JavaSparkContext spark, String folder) {
    Source source = Source.of("dataset.train", new Location.Folder(folder));
    List<String> names = source.classNames(spark);
    try (ListedSet listed =
        ListedSet.of(spark, source, names, names, ListedSet.Classes.OF_TRAINING_SET)) {
      return listed.counts().total();
    }
  }

  private static long peakHeapBytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  /** Linux's high-water mark. */
  private static String resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .map(line -> line.substring(6).strip())
        .findFirst()
        .orElse("unknown");
  }
}
