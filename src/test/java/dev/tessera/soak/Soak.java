package dev.tessera.soak;

import dev.tessera.TinyImages;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * Runs one small job again and again, on one cluster after another, kills parts of it, starts the
 * same command again when the driver was among them, and compares the model and the records of
 * every run with those of one that nothing happened to.
 */
public final class Soak {
  private static final int KILLS_OF_A_RUN = 10;
  private static final long LIFE_SECONDS = 240;
  private static final long ORPHAN_SECONDS = 60;

  /** Lives in which a kill's moment may fail to come. */
  private static final int CHANCES = 20;

  /** Of JVMs that live for seconds, so that they spend these on the run. */
  private static final String BRIEF = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final Path folder;
  private final Path job;
  private final Random random;
  private final PrintStream out;
  private final List<Row> rows = new ArrayList<>();
  private int runs;
  private int numbered;

  /**
   * What came of a kill.
   *
   * @param round that ran, counted from 1; 0 before the first
   * @param seconds until the next round was done, or the run
   * @param again rounds that had to be run again
   */
  public record Row(
      String cluster,
      int number,
      String victim,
      String signal,
      String moment,
      int round,
      double seconds,
      int again,
      boolean equal) {
    String line() {
      return String.format(
          Locale.ROOT,
          "%4d  %-13s  %-13s  %-7s  %-45s  %5d  %8.1f s  %6d  %s",
          number,
          cluster,
          victim,
          "SIG" + signal,
          moment,
          round,
          seconds,
          again,
          equal ? "equal" : "OTHER");
    }
  }

  /**
   * A soak that has not begun.
   *
   * @param folder for its runs
   * @param out for what it does and the table
   */
  public Soak(Path folder, long seed, PrintStream out) throws IOException {
    this.folder = folder.toAbsolutePath();
    this.random = new Random(seed);
    this.out = out;
    TinyImages.writeIdx(this.folder.resolve("data"), 240, 4, 1);
    job = this.folder.resolve("soak.conf");
    Files.writeString(
        job,
        """
        run { checkpointRounds = 5, checkpointsKept = 2, seed = 7 }
        dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" },
                  validationFraction = 0.1, testFraction = 0.1 }
        image { height = 12, width = 12, channels = 1, scaling = standardise }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { pool = max, size = 2 },
                           { batchNorm {} }, { dropout = 0.25 }, { flatten {} }, { dense = classes, activation = softmax } ] }
        training { epochs = 100, batchSize = 16, workers = 3, averagingFrequency = 1, learningRate = 0.002,
                   updater = adam, evaluateEvery = 3 }
        """
            .formatted(this.folder));
    out.printf("seed %d%n", seed);
    Life whole = new Life(new Cluster.OfDriver("local", "local[2]"), "whole", List.of());
    require(whole.end() == 0, "The run that nothing happens to fails: see " + whole.log());
  }

  /**
   * Kills so often.
   *
   * @param local kills of drivers that are their own executors
   * @param localCluster kills of drivers and of executors that they start
   * @param standalone kills of drivers, executors, workers and masters
   */
  public List<Row> kill(int local, int localCluster, int standalone) throws IOException {
    out.println(
        "   #  cluster        victim         signal   when                                           round"
            + "   recovered   again  bits");
    kill(new Cluster.OfDriver("local", "local[2]"), new Deck(random, false, false), local);
    kill(
        new Cluster.OfDriver("local-cluster", "local-cluster[2,1,1024]"),
        new Deck(random, true, false),
        localCluster);
    if (standalone > 0) {
      try (Cluster cluster = Standalone.start(folder.resolve("standalone"))) {
        kill(cluster, new Deck(random, true, true), standalone);
      }
    }
    summary();
    return List.copyOf(rows);
  }

  private void kill(Cluster cluster, Deck deck, int kills) throws IOException {
    List<Kill> plan = new ArrayList<>();
    for (int kill = 0; kill < kills; kill++) {
      plan.add(deck.next(++numbered));
    }
    Map<Integer, Integer> missed = new HashMap<>();
    while (!plan.isEmpty()) {
      List<Kill> ofRun = plan.subList(0, Math.min(KILLS_OF_A_RUN, plan.size()));
      List<Kill> left = run(cluster, inOrder(ofRun), missed);
      ofRun.clear();
      plan.addAll(0, left);
    }
  }

  /** Those that come once first or last, as they must; all others as they were drawn. */
  private static List<Kill> inOrder(List<Kill> kills) {
    return kills.stream().sorted(Comparator.comparingInt(kill -> order(kill.moment()))).toList();
  }

  private static int order(Moment moment) {
    return switch (moment) {
      case JOB -> 0;
      case LOCK -> 1;
      case BEST_WRITTEN, BEST_REMOVED -> 2;
      case MODEL_BEGUN, MODEL_RENAMED, EVALUATION_WRITTEN -> 4;
      case MANIFEST_REPLACED -> 5;
      default -> 3;
    };
  }

  /** Runs the job to its end through kills. Returns those for which there was no occasion. */
  private List<Kill> run(Cluster cluster, List<Kill> kills, Map<Integer, Integer> missed)
      throws IOException {
    String name = "run-" + ++runs;
    List<Kill> left = new ArrayList<>(kills);
    int code;
    do {
      List<Kill> plan = ofLife(left);
      Life life = new Life(cluster, name, plan);
      code = life.end();
      List<Integer> done = new Journal(record(name)).kills();
      List<Kill> happened = left.stream().filter(kill -> done.contains(kill.number())).toList();
      left.removeAll(happened);
      requireCode(code, plan, happened, life);
      plan.stream()
          .filter(kill -> !done.contains(kill.number()))
          .forEach(kill -> miss(kill, missed));
    } while (code != 0);
    note(name, "end");
    requireNoOrphans(name);
    boolean equal = outcome(name).equals(outcome("whole"));
    for (Kill kill : kills) {
      if (!left.contains(kill)) {
        row(cluster, name, kill, equal);
      }
    }
    return left;
  }

  /** As far as one driver lives. */
  private static List<Kill> ofLife(List<Kill> kills) {
    List<Kill> plan = new ArrayList<>();
    for (Kill kill : kills) {
      plan.add(kill);
      if (kill.endsTheDriver()) {
        break;
      }
    }
    return plan;
  }

  private static void miss(Kill kill, Map<Integer, Integer> missed) {
    int times = missed.merge(kill.number(), 1, Integer::sum);
    require(times < CHANCES, "There was no occasion for " + kill + " in " + times + " drivers");
  }

  private static void requireCode(int code, List<Kill> plan, List<Kill> happened, Life life) {
    String signal =
        plan.stream()
            .filter(kill -> kill.endsTheDriver() && happened.contains(kill))
            .map(Kill::signal)
            .findFirst()
            .orElse("");
    int expected =
        switch (signal) {
          case "KILL" -> 137;
          case "TERM" -> 143;
          case "INT" -> 130;
          default -> 0;
        };
    // A signal may come when the run is over.
    require(
        code == expected || code == 0,
        "Exit code " + code + " instead of " + expected + " after " + plan + ": see " + life.log());
  }

  private void row(Cluster cluster, String run, Kill kill, boolean equal) throws IOException {
    Row row = new Journal(record(run)).row(cluster, kill, equal);
    rows.add(row);
    out.println(row.line());
  }

  private void summary() {
    double[] seconds = rows.stream().mapToDouble(Row::seconds).sorted().toArray();
    long equal = rows.stream().filter(Row::equal).count();
    out.printf(
        Locale.ROOT,
        "%d kills in %d runs, %d of them led to equal bits; recovered within %.1f s in the median, %.1f s"
            + " at most%n",
        rows.size(),
        runs,
        equal,
        seconds.length == 0 ? 0 : seconds[seconds.length / 2],
        Arrays.stream(seconds).max().orElse(0));
    Map<String, Long> victims =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.victim() + " by SIG" + row.signal(),
                    LinkedHashMap::new,
                    Collectors.counting()));
    out.println("victims: " + victims);
    List<String> missing =
        Arrays.stream(Moment.values())
            .map(moment -> moment.title)
            .filter(title -> rows.stream().noneMatch(row -> row.moment().equals(title)))
            .toList();
    out.printf(
        "%d of %d moments%s%n",
        Moment.values().length - missing.size(),
        Moment.values().length,
        missing.isEmpty() ? "" : ", without " + String.join("; ", missing));
  }

  private void note(String run, String what) throws IOException {
    Files.writeString(
        record(run),
        System.currentTimeMillis() + " " + what + " 0\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private Path record(String run) {
    return folder.resolve(run + ".record");
  }

  /** All that must be equal: parameters, updater state, and the records without their times. */
  private List<String> outcome(String run) throws IOException {
    List<String> all = new ArrayList<>();
    try (ZipFile model = new ZipFile(folder.resolve(run).resolve("model.zip").toFile())) {
      for (String entry : List.of("coefficients.bin", "updaterState.bin")) {
        byte[] bytes = model.getInputStream(model.getEntry(entry)).readAllBytes();
        all.add(HexFormat.of().formatHex(bytes));
      }
    }
    for (String file : List.of("rounds.jsonl", "parameters.jsonl", "evaluation.json")) {
      for (String line : Files.readAllLines(folder.resolve(run).resolve(file))) {
        all.add(line.replaceAll("\"(seconds|imagesPerSecond|host)\".*", ""));
      }
    }
    return all;
  }

  /** Executors whose driver is gone must end by themselves. */
  private void requireNoOrphans(String run) {
    String marker = marker(run);
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(ORPHAN_SECONDS);
    while (ProcessHandle.allProcesses()
        .anyMatch(process -> Killer.command(process).contains(marker))) {
      require(System.nanoTime() < limit, "Executors of " + run + " live on without a driver");
      pause();
    }
  }

  private String marker(String run) {
    return "-Dsoak.run=" + folder.resolve(run);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** A driver from its start to its end. */
  private final class Life {
    private final Cluster cluster;
    private final Process process;
    private final File log;

    Life(Cluster cluster, String run, List<Kill> plan) throws IOException {
      this.cluster = cluster;
      this.log = folder.resolve(run + ".out").toFile();
      Map<String, String> settings = new LinkedHashMap<>(cluster.settings());
      settings.put(
          "spark.driver.extraClassPath",
          Path.of("target/test-classes").toAbsolutePath().toString());
      settings.put("spark.extraListeners", KillingListener.class.getName());
      settings.put(
          "spark.hadoop.fs." + KillingFileSystem.SCHEME + ".impl",
          KillingFileSystem.class.getName());
      settings.put("spark.driver.extraJavaOptions", BRIEF);
      settings.put("spark.executor.extraJavaOptions", marker(run) + " " + BRIEF);
      settings.put(KillingListener.RECORD, record(run).toString());
      settings.put(KillingListener.PLAN, Kill.text(plan));
      List<String> command =
          new ArrayList<>(
              List.of(
                  "scripts/tessera",
                  "train",
                  job.toString(),
                  "--run-dir",
                  KillingFileSystem.SCHEME + ":" + folder.resolve(run),
                  "--master",
                  cluster.master()));
      settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
      builder.environment().remove("SPARK_HOME");
      note(run, "start");
      process = builder.start();
    }

    File log() {
      return log;
    }

    /** Waits for it. Returns its exit code. */
    int end() throws IOException {
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIFE_SECONDS);
      try {
        while (process.isAlive()) {
          require(System.nanoTime() < limit, "A driver does not end: see " + log);
          cluster.revive();
          pause();
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return process.exitValue();
    }
  }

  /**
   * Runs a soak.
   *
   * @param arguments folder, seed, and the numbers of kills for {@link #kill}
   */
  public static void main(String[] arguments) throws IOException {
    Soak soak = new Soak(Path.of(arguments[0]), Long.parseLong(arguments[1]), System.out);
    List<Row> rows =
        soak.kill(
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
    if (!rows.stream().allMatch(Row::equal)) {
      System.exit(1);
    }
  }
}
