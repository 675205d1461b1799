package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenMpThreadsTest {
  @Test
  void saysNothingWhereTheEnvironmentHasTheThreadsOfAWorker() {
    assertThat(OpenMpThreads.warning(1, "1")).isEmpty();
    assertThat(OpenMpThreads.warning(4, "4")).isEmpty();
  }

  @Test
  void warnsOfAnotherNumberAndOfNone() {
    assertThat(OpenMpThreads.warning(1, "8"))
        .isEqualTo(
            "OMP_NUM_THREADS is 8 in the environment of the JVM, but a worker is to use 1 native thread"
                + " (spark.task.cpus). oneDNN follows the environment: with more threads workers get into"
                + " each other's way, and bits depend on their number. Set"
                + " spark.executorEnv.OMP_NUM_THREADS=1, and with a local master export"
                + " OMP_NUM_THREADS=1 before the JVM starts.");
    assertThat(OpenMpThreads.warning(2, null))
        .startsWith(
            "OMP_NUM_THREADS is not set in the environment of the JVM, but a worker is to use 2 native"
                + " threads (spark.task.cpus).");
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> OpenMpThreads.check(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use 0 native threads: it must be at least 1");
  }
}
