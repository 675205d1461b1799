package dev.tessera.bench;

import dev.tessera.SessionSettings;
import dev.tessera.dataset.DatasetSettings;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.dataset.Location;
import dev.tessera.dataset.Shards;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Shape;
import dev.tessera.round.BesideListener;
import dev.tessera.round.EpochPlan;
import dev.tessera.round.FitTask;
import dev.tessera.round.GlobalState;
import dev.tessera.round.OuterStep;
import dev.tessera.round.RoundOutcome;
import dev.tessera.round.RoundPlan;
import dev.tessera.round.RoundRunner;
import dev.tessera.round.RunRecorder;
import dev.tessera.round.Trainer;
import dev.tessera.round.TrainingSettings;
import dev.tessera.round.TrainingSettings.TrainerKind;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import dev.tessera.round.WorkerReport;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import dev.tessera.spark.SparkRoundRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * What a round costs beside its steps: Trainer, Spark's runner, the onednn engine and the recorder
 * as a job has them, on the Spark that {@code scripts/bench round} starts.
 *
 * <p>A round lasts from its beginning to the beginning of the next. Its cost is that without the
 * steps of the slowest worker; everything else counts: broadcast, scheduling, loading and storing
 * replicas, their way back, average, outer step, records. The steps are real ones, though few, so
 * that between two rounds caches and threads are used for something else, as in a job.
 *
 * <p>Prints one line a round, {@code round SIZE COST FIT BROADCAST DISPATCH TASK RETURN BETWEEN} in
 * milliseconds: until the state was on its way; from there until the tasks ran; what they did
 * besides steps; from the last task's end until the average was there; from there to the next
 * round. The middle three are by Spark's clock, to a millisecond.
 */
public final class RoundBench {
  private static final int WORKERS = 2;

  private final JavaSparkContext spark;
  private final Tasks tasks = new Tasks();

  private RoundBench(JavaSparkContext spark) {
    this.spark = spark;
    spark.sc().addSparkListener(tasks);
  }

  /**
   * One size of network.
   *
   * @param hidden units of both hidden dense layers, or 0 for {@code reference}
   */
  private record Size(String name, int hidden, int batch, int frequency, int warmUp, int measured) {
    NetworkPlan network() {
      Shape.Image input = new Shape.Image(CifarFiles.SIDE, CifarFiles.SIDE, 3);
      if (hidden == 0) {
        return NamedNetworks.named("reference").compile(input, 10);
      }
      return NetworkSpec.chain(
              "dense",
              List.of(
                  new Flatten(),
                  Dense.of(hidden, Activation.RELU),
                  Dense.of(hidden, Activation.RELU),
                  Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
          .compile(input, 10);
    }

    int rounds() {
      return warmUp + measured;
    }
  }

  private static final List<Size> SIZES =
      List.of(
          new Size("0.16M", 0, 8, 4, 60, 60),
          new Size("1.6M", 453, 8, 2, 20, 30),
          new Size("16M", 2746, 8, 1, 5, 12),
          new Size("64M", 6605, 8, 1, 3, 6));

  /** A folder for what it writes, then names of sizes; without any, all. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<String> names = List.of(arguments).subList(1, arguments.length);
    SparkConf settings = SessionSettings.withDefaults(new SparkConf().setAppName("bench"));
    try (JavaSparkContext spark = new JavaSparkContext(settings)) {
      RoundBench bench = new RoundBench(spark);
      List<Runnable> prints = new ArrayList<>();
      for (Size size : SIZES) {
        if (names.isEmpty() || names.contains(size.name())) {
          prints.add(bench.run(size, folder));
        }
      }
      spark.stop(); // which waits for the last events
      prints.forEach(Runnable::run);
    } finally {
      FitTask.releaseReplicas();
    }
  }

  private Runnable run(Size size, Path folder) throws IOException {
    Path pictures = folder.resolve(size.name + ".bin");
    CifarFiles.write(pictures, WORKERS * size.batch * size.frequency * size.rounds());
    ImageSettings image =
        new ImageSettings(
            CifarFiles.SIDE,
            CifarFiles.SIDE,
            3,
            PixelScaling.Kind.UNIT,
            ImageSettings.DEFAULT_MAX_PIXELS);
    DatasetSettings dataset =
        new DatasetSettings(
            new Location.Cifar(List.of(pictures.toString()), 10), null, null, 0, 0, 0.01);
    try (ImageDataset images = ImageDataset.open(spark, dataset, image, 1, WORKERS)) {
      return run(size, images.train(), folder.resolve(size.name));
    } finally {
      FitTask.releaseReplicas();
    }
  }

  private Runnable run(Size size, Shards shards, Path path) {
    TrainingSettings settings = settings(size);
    Workload workload = settings.workload(size.network(), PixelScaling.unit(3));
    List<Integer> sizes = Arrays.stream(shards.examplesPerShard()).boxed().toList();
    EpochPlan plan = new EpochPlan(1, size.batch, size.frequency, sizes);
    FitTask task =
        new FitTask(
            new OneDnnEngine(Precision.FLOAT), workload, plan, 1, UpdaterStatePolicy.AVERAGE);
    RunFolder folder = RunFolder.at(new LocalStorage(), path.toString());
    try (RunLog log = new RunLog(folder);
        SparkRoundRunner runner =
            new SparkRoundRunner(
                spark, shards.blocks(), task, size.rounds(), SparkRoundRunner.COLLECT_BYTES);
        RunRecorder recorder = new RunRecorder(folder, log, 10, (done, all, line) -> {});
        BesideListener beside = new BesideListener(recorder)) {
      TimedRunner timed = new TimedRunner(runner, size.rounds());
      new Trainer(settings, plan, timed, OuterStep.AVERAGE, null, beside)
          .train(new GlobalState(0, workload.initialState(1), GlobalState.OuterState.NONE));
      return () -> print(size, timed.timed);
    }
  }

  private static TrainingSettings settings(Size size) {
    return new TrainingSettings(
        1,
        size.batch,
        WORKERS,
        size.frequency,
        new Updater.Nesterov(0.9),
        1e-4,
        Objective.PLAIN,
        Regularisation.NONE,
        GradientClipping.NONE,
        UpdaterStatePolicy.AVERAGE,
        1,
        TrainerKind.AVERAGING);
  }

  private void print(Size size, List<Timed> timed) {
    for (int round = size.warmUp; round + 1 < timed.size(); round++) {
      Timed of = timed.get(round);
      Job job = tasks.of(of.description);
      double whole = (timed.get(round + 1).began - of.began) / 1e6;
      double between = (timed.get(round + 1).began - of.ended) / 1e6;
      double dispatch = job.runningMillis() - of.beganMillis - of.broadcast;
      double inTasks = job.runMillis() - of.fit;
      double back = whole - between - of.broadcast - dispatch - inTasks - of.fit;
      System.out.printf(
          Locale.ROOT,
          "round %s %.2f %.2f %.2f %.2f %.2f %.2f %.2f%n",
          size.name,
          whole - of.fit,
          of.fit,
          of.broadcast,
          dispatch,
          inTasks,
          back,
          between);
    }
  }

  /** When a round began and ended, and what it said of itself, in milliseconds. */
  private record Timed(
      String description,
      long began,
      double beganMillis,
      long ended,
      double broadcast,
      double fit) {}

  /** Writes down when rounds begin and end. */
  private static final class TimedRunner implements RoundRunner {
    private final RoundRunner runner;
    private final int rounds;
    private final List<Timed> timed = new ArrayList<>();

    TimedRunner(RoundRunner runner, int rounds) {
      this.runner = runner;
      this.rounds = rounds;
    }

    @Override
    public RoundOutcome run(RoundPlan round, double learningRate, GlobalState state) {
      var wallClock = Instant.now();
      long began = System.nanoTime();
      RoundOutcome outcome = runner.run(round, learningRate, state);
      long ended = System.nanoTime();
      double fit = outcome.reports().stream().mapToLong(WorkerReport::fitNanos).max().orElseThrow();
      timed.add(
          new Timed(
              "round " + (round.round() + 1) + " of " + rounds,
              began,
              wallClock.getEpochSecond() * 1e3 + wallClock.getNano() / 1e6,
              ended,
              outcome.seconds().broadcast() * 1e3,
              fit / 1e6));
      return outcome;
    }
  }

  /** What Spark says of the tasks of one job, stage by stage, as far as the slowest task goes. */
  private static final class Job {
    private long running;
    private final TreeMap<Integer, Long> runMillis = new TreeMap<>();

    void add(SparkListenerTaskEnd task) {
      TaskMetrics metrics = task.taskMetrics();
      boolean ofFirstStage = runMillis.isEmpty() || task.stageId() == runMillis.firstKey();
      if (ofFirstStage) {
        running =
            Math.max(running, task.taskInfo().launchTime() + metrics.executorDeserializeTime());
      }
      runMillis.merge(task.stageId(), metrics.executorRunTime(), Math::max);
    }

    /** When the last task of the first stage began, by the clock. */
    double runningMillis() {
      return running;
    }

    double runMillis() {
      return runMillis.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Collects the tasks of rounds, by the beginning of their job's description. */
  private static final class Tasks extends SparkListener {
    private final Map<Integer, String> descriptions = new ConcurrentHashMap<>();
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    Job of(String description) {
      return Objects.requireNonNull(jobs.get(description));
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
      String description = stage.properties().getProperty("spark.job.description", "");
      descriptions.put(stage.stageInfo().stageId(), description.split(",", 2)[0]);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      String description = Objects.requireNonNull(descriptions.get(task.stageId()));
      jobs.computeIfAbsent(description, key -> new Job()).add(task);
    }
  }
}
