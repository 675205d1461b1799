package dev.tessera.soak;

import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import org.apache.spark.scheduler.SparkListenerJobStart;

/**
 * Writes down every few rounds what the driver and the executors hold, in megabytes. Spark makes
 * it, by its name.
 */
public final class MemoryListener extends SparkListener {
  static final String RECORD = "spark.soak.memory";
  static final String EVERY = "spark.soak.memoryRounds";

  private static final Pattern ROUND = Pattern.compile("round ([0-9]+) of .*");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");

  private final Path record;
  private final int every;
  private String application = "";

  public MemoryListener(SparkConf conf) {
    record = Path.of(conf.get(RECORD));
    every = conf.getInt(EVERY, 1);
  }

  @Override
  public void onApplicationStart(SparkListenerApplicationStart event) {
    application = event.appId().getOrElse(() -> "");
  }

  @Override
  public void onJobStart(SparkListenerJobStart event) {
    Matcher round =
        ROUND.matcher(String.valueOf(event.properties().getProperty("spark.job.description")));
    if (round.matches() && Integer.parseInt(round.group(1)) % every == 0) {
      write(round.group(1));
    }
  }

  private void write(String round) {
    System.gc();
    double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
    List<String> executors =
        Killer.executors(application)
            .map(MemoryListener::resident)
            .map(value -> String.format(Locale.ROOT, "%.3f", value))
            .sorted()
            .collect(Collectors.toList());
    String line =
        String.format(
            Locale.ROOT,
            "%s %.3f %.3f %.3f %s%n",
            round,
            heap,
            resident(ProcessHandle.current()),
            storage(),
            String.join(" ", executors));
    try (Writer out =
        Files.newBufferedWriter(record, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(line);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write " + record, e);
    }
  }

  /** What blocks take on the driver and all executors: broadcasts, shards and results. */
  private static double storage() {
    double[] used = {0};
    SparkContext.getOrCreate()
        .getExecutorMemoryStatus()
        .foreach(
            entry -> {
              long most = (Long) entry._2()._1();
              long left = (Long) entry._2()._2();
              used[0] += (most - left) / 1e6;
              return null;
            });
    return used[0];
  }

  private static double resident(ProcessHandle process) {
    try {
      Matcher matcher =
          RESIDENT.matcher(
              Files.readString(
                  Path.of("/proc", String.valueOf(process.pid()), "status"),
                  StandardCharsets.ISO_8859_1));
      return matcher.find() ? Long.parseLong(matcher.group(1)) / 1e3 : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
