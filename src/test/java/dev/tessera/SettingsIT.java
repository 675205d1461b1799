package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.soak.Standalone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Spark's settings, and what happens to executors, do not change a bit of the model: real executors
 * in JVMs of their own, with real signals, beside a plain run in one JVM.
 */
class SettingsIT {
  private static final String CLUSTER = "local-cluster[2,1,1024]";

  @TempDir private static Path folder;
  private static Path job = Path.of("");
  private static ModelBits plain = new ModelBits("", "");

  @BeforeAll
  static void trainPlain() throws Exception {
    TinyImages.writeIdx(folder.resolve("data"), 240, 4, 1);
    job = folder.resolve("tiny.conf");
    Files.writeString(
        job,
        """
        run { seed = 7 }
        dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" },
                  validationFraction = 0.1 }
        image { height = 12, width = 12, channels = 1, scaling = standardise }
        model { layers = [ { conv = 8, kernel = 3, padding = same, activation = relu }, { pool = max, size = 2 },
                           { batchNorm {} }, { dropout = 0.25 }, { flatten {} }, { dense = classes, activation = softmax } ] }
        training { epochs = 60, batchSize = 16, workers = 2, averagingFrequency = 2, learningRate = 0.01,
                   updater = adam, evaluateEvery = 5 }
        """
            .formatted(folder));
    try (BackgroundRun run = start("plain", "local[2]")) {
      plain = run.bits();
    }
    assertThat(plain.updaterState()).isNotEmpty();
  }

  private static BackgroundRun start(String name, String master, String... settings)
      throws IOException {
    String[] options =
        Arrays.stream(settings)
            .flatMap(setting -> List.of("--conf", setting).stream())
            .toArray(String[]::new);
    return new BackgroundRun(job, folder.resolve(name), master, options);
  }

  @Test
  void kryo() throws Exception {
    try (BackgroundRun run =
        start(
            "kryo",
            CLUSTER,
            "spark.serializer=org.apache.spark.serializer.KryoSerializer",
            "spark.kryo.registrationRequired=true")) {
      assertThat(run.bits()).isEqualTo(plain);
      assertThat(run.events("spark.serializer.KryoSerializer")).isPositive();
    }
  }

  @Test
  void encryption() throws Exception {
    try (BackgroundRun run =
        start(
            "encryption",
            CLUSTER,
            "spark.authenticate=true",
            "spark.authenticate.secret=of-the-test",
            "spark.network.crypto.enabled=true",
            "spark.io.encryption.enabled=true")) {
      assertThat(run.bits()).isEqualTo(plain);
      assertThat(run.events("\"spark.io.encryption.enabled\":\"true\"")).isPositive();
      assertThat(run.events("of-the-test")).as("the secret").isZero();
      assertThat(run.output()).doesNotContain("of-the-test");
    }
  }

  /** Not those of one thread: oneDNN adds up in another order. */
  @Test
  void twoThreadsATask() throws Exception {
    try (BackgroundRun here = start("two-here", "local[2]", "spark.task.cpus=2");
        BackgroundRun there = start("two-there", "local-cluster[1,2,1024]", "spark.task.cpus=2")) {
      ModelBits bits = here.bits();
      assertThat(there.bits()).isEqualTo(bits);
      assertThat(here.output()).contains("2 threads a worker");
    }
  }

  @Test
  void anExecutorIsKilledInARoundWithItsShard() throws Exception {
    try (BackgroundRun run = start("killed", CLUSTER)) {
      run.until(() -> run.hasBegun(5));
      List<ProcessHandle> executors = run.executors();
      assertThat(executors).hasSize(2);
      BackgroundRun.signal("KILL", executors.get(0));
      assertThat(run.bits()).isEqualTo(plain);
      assertThat(run.events("SparkListenerExecutorRemoved")).isPositive();
      assertThat(run.events("SparkListenerExecutorAdded")).isGreaterThan(2);
    }
  }

  /**
   * An executor that stands still leaves tasks waiting, for which Spark starts another; when it
   * stands still again, the other has nothing to do, and Spark ends it.
   */
  @Test
  @Tag("long")
  void dynamicAllocationAddsAndRemovesExecutors() throws Exception {
    try (BackgroundRun run =
        start(
            "dynamic",
            "local-cluster[3,1,1024]",
            "spark.dynamicAllocation.enabled=true",
            "spark.dynamicAllocation.shuffleTracking.enabled=true",
            "spark.dynamicAllocation.shuffleTracking.timeout=1s",
            "spark.dynamicAllocation.initialExecutors=1",
            "spark.dynamicAllocation.minExecutors=1",
            "spark.dynamicAllocation.maxExecutors=3",
            "spark.dynamicAllocation.executorIdleTimeout=1s",
            "spark.dynamicAllocation.cachedExecutorIdleTimeout=1s",
            "spark.locality.wait=100ms")) {
      run.until(() -> run.hasBegun(3));
      for (int stop = 0; stop < 6 && run.isAlive(); stop++) {
        ProcessHandle first = run.executors().get(0);
        BackgroundRun.signal("STOP", first);
        TimeUnit.MILLISECONDS.sleep(2500);
        BackgroundRun.signal("CONT", first);
        if (run.events("SparkListenerExecutorRemoved") > 0
            && run.events("SparkListenerExecutorAdded") > 1) {
          break;
        }
        TimeUnit.MILLISECONDS.sleep(500);
      }
      assertThat(run.bits()).isEqualTo(plain);
      assertThat(run.events("SparkListenerExecutorAdded")).isGreaterThan(1);
      assertThat(run.events("SparkListenerExecutorRemoved", "Executor killed by driver"))
          .isPositive();
    }
  }

  /** The executor of one worker runs a tenth of the time. */
  @Test
  @Tag("long")
  void aSlowExecutorsTasksRunElsewhereToo() throws Exception {
    try (Standalone cluster = Standalone.start(folder.resolve("standalone"));
        BackgroundRun run =
            start(
                "speculation",
                cluster.master(),
                "spark.cores.max=2",
                "spark.scheduler.minRegisteredResourcesRatio=1",
                "spark.speculation=true",
                "spark.speculation.interval=50ms",
                "spark.speculation.quantile=0.5",
                "spark.locality.wait=100ms")) {
      run.until(() -> run.hasBegun(3));
      ProcessHandle slow = cluster.executors().get(0);
      String[] speculative = {
        "SparkListenerTaskEnd", "\"Speculative\":true", "\"Reason\":\"Success\""
      };
      while (run.isAlive() && run.events(speculative) == 0) {
        // Long enough for Spark to see it, which looks at tasks that have run for a while.
        BackgroundRun.signal("STOP", slow);
        TimeUnit.MILLISECONDS.sleep(1800);
        BackgroundRun.signal("CONT", slow);
        TimeUnit.MILLISECONDS.sleep(200);
      }
      assertThat(run.bits()).isEqualTo(plain);
      assertThat(run.events(speculative)).isPositive();
    }
  }

  @Test
  @Tag("long")
  void executorsThatEndForGoodEndTheRunWithTheCause() throws Exception {
    try (BackgroundRun run = start("doomed", CLUSTER, "spark.task.maxFailures=1")) {
      run.until(() -> run.hasBegun(3));
      // Spark counts the end of those alone whose task has begun: not every kill meets one.
      long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      long begun = run.events("SparkListenerTaskStart");
      while (run.isAlive()) {
        assertThat(System.nanoTime()).as(run.output()).isLessThan(limit);
        if (run.events("SparkListenerTaskStart") < begun + 8) {
          continue;
        }
        begun = run.events("SparkListenerTaskStart");
        for (ProcessHandle executor : run.executors()) {
          BackgroundRun.signal("KILL", executor);
        }
      }
      assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
      assertThat(run.output())
          .containsPattern("tessera: (round \\d+ of 240|evaluation on the validation set) failed: ")
          .contains(
              " was tried once, and its executor ended, executor ",
              ": Command exited with code 137. Code 137 is a kill by the system, mostly because memory",
              "The executors' logs say more. The same command goes on from the last checkpoint.")
          .doesNotContain("\tat ", "defect");
      assertThat(Files.readString(folder.resolve("doomed/train.log")))
          .contains("The run stopped before its end: ", "\tat org.apache.spark.");
    }
  }

  /** Spark stops under its own threads, and they complain, past the log too. */
  @ParameterizedTest
  @ValueSource(strings = {"local[2]", CLUSTER})
  void afterASignalTheTerminalHasNoStacks(String master) throws Exception {
    try (BackgroundRun run = start("signal-" + master.length(), master)) {
      run.until(() -> run.hasBegun(5));
      run.terminate();
      assertThat(run.exitCode()).as(run.output()).isEqualTo(143);
      assertThat(run.output())
          .contains(
              "Stopped by a signal after round ", "tessera: stopped by a signal before the end.")
          .doesNotContain("\tat ", "Exception");
    }
  }
}
