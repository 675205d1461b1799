package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OpenMpThreadsTest {
  private static final int CLASSES = 5;

  @Test
  void everyThreadOfTheJvmHasTheNumberThatItSaidLast() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      int begins = other.submit(OpenMpThreads::current).get();
      new OpenMpThreads(begins + 2).use();
      assertThat(OpenMpThreads.current()).isEqualTo(begins + 2);
      assertThat(other.submit(OpenMpThreads::current).get()).isEqualTo(begins);
    } finally {
      new OpenMpThreads(1).use();
      other.shutdown();
    }
    assertThat(OpenMpThreads.current()).isEqualTo(1);
  }

  @Test
  void aReplicaRunsOnItsOwnNumberWhoeverCallsIt() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Replica one = open(1);
        Replica three = open(3)) {
      assertThat(OpenMpThreads.current()).isEqualTo(3);
      step(one);
      assertThat(OpenMpThreads.current()).isEqualTo(1);
      Future<?> elsewhere = other.submit(() -> step(three));
      elsewhere.get();
      assertThat(other.submit(OpenMpThreads::current).get()).isEqualTo(3);
      assertThat(OpenMpThreads.current()).isEqualTo(1);
    } finally {
      other.shutdown();
    }
  }

  /** Compiled and run after others that have more threads, in the same thread of the JVM. */
  @Test
  void theBitsOfAReplicaAreThoseOfItsOwnThreads() {
    float[] alone;
    try (Replica one = open(1)) {
      alone = trained(one);
    }
    try (Replica four = open(4);
        Replica one = open(1)) {
      trained(four);
      assertThat(trained(one)).isEqualTo(alone);
    }
  }

  private static Replica open(int threads) {
    return new OneDnnEngine(Precision.FLOAT).open(workload(), threads);
  }

  private static float[] trained(Replica replica) {
    replica.load(workload().initialState(1));
    for (int i = 0; i < 3; i++) {
      step(replica);
    }
    ReplicaState state = workload().initialState(1);
    replica.store(state);
    return state.parameters();
  }

  private static void step(Replica replica) {
    Minibatch minibatch = EngineCase.minibatch(workload().network().input(), CLASSES, 16, 0);
    replica.step(minibatch, new StepSettings(0.01, 1, 1));
  }

  private static Workload workload() {
    return new Workload(
        NamedNetworks.named("reference").compile(new Shape.Image(16, 16, 3), CLASSES),
        PixelScaling.unit(3),
        Objective.PLAIN,
        new Updater.Nesterov(0.9),
        Regularisation.NONE,
        GradientClipping.NONE,
        16);
  }

  @Test
  void warnsOfNothingWhereOpenMpIsTold() {
    assertThat(OpenMpThreads.warning(7)).isEmpty();
    assertThat(OpenMpThreads.warning(1, "8", "")).isEmpty();
    assertThat(OpenMpThreads.warning(2, null, "")).isEmpty();
  }

  @Test
  void saysNothingWhereTheEnvironmentHasTheThreadsOfAWorker() {
    assertThat(OpenMpThreads.warning(1, "1", "JNA failed")).isEmpty();
    assertThat(OpenMpThreads.warning(4, "4", "JNA failed")).isEmpty();
  }

  @Test
  void warnsWhereTheEnvironmentDecidesAndSaysAnotherNumberOrNone() {
    assertThat(OpenMpThreads.warning(1, "8", "JNA failed with an error"))
        .isEqualTo(
            "OMP_NUM_THREADS is 8 in the environment of the JVM, but a worker is to use 1 native thread"
                + " (spark.task.cpus), and OpenMP can't be told so later: JNA failed with an error. With"
                + " more threads workers get into each other's way, and bits depend on their number. Give"
                + " the JVM a java.io.tmpdir whose files may be executed, or set"
                + " spark.executorEnv.OMP_NUM_THREADS=1, and with a local master export"
                + " OMP_NUM_THREADS=1 before the JVM starts.");
    assertThat(OpenMpThreads.warning(2, null, "JNA failed"))
        .startsWith(
            "OMP_NUM_THREADS is not set in the environment of the JVM, but a worker is to use 2 native"
                + " threads (spark.task.cpus), and");
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> new OpenMpThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use 0 native threads: it must be at least 1");
  }
}
