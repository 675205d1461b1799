package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.MemoryPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerJvmsTest {
  private static final MemoryPlan PLAN = new MemoryPlan(10 << 20, 20 << 20, 24 << 20);

  @Test
  void describesTheEngineOfEqualJvmsOnce() {
    WorkerJvms jvms =
        new WorkerJvms(
            List.of(Jvms.jvm(0, "avx512_bf16", "", ""), Jvms.jvm(1, "avx512_bf16", "", "")));
    assertThat(jvms.describe(1, PLAN))
        .isEqualTo(
            "Engine onednn 3.11.0 in float on Some EPYC (avx512_bf16), 1 thread a worker, about 54 MB"
                + " of native memory each");
    assertThat(jvms.warnings()).isEmpty();
  }

  @Test
  void namesTheHostsOfEveryInstructionSet() {
    WorkerJvms jvms =
        new WorkerJvms(
            List.of(
                Jvms.jvm(0, "avx512_bf16", "", ""),
                Jvms.jvm(1, "avx2", "", ""),
                Jvms.jvm(2, "avx512_bf16", "", "")));
    assertThat(jvms.describe(2, PLAN))
        .isEqualTo(
            "Engine onednn 3.11.0 in float on Some EPYC (avx2) and Some EPYC (avx512_bf16), 2 threads a"
                + " worker, about 54 MB of native memory each");
    assertThat(jvms.warnings())
        .containsExactly(
            "The workers' processors differ: avx2 on host-b; avx512_bf16 on host-a, host-c. Rounding"
                + " differs between them, so a second run gives the same bits only if every worker meets"
                + " the same kind again. Use executors of one kind, or with onednn cap them all at the"
                + " oldest, for example spark.executorEnv.ONEDNN_MAX_CPU_ISA=AVX2.");
  }

  @Test
  void saysAWarningOnceForAllItsHosts() {
    WorkerJvms jvms =
        new WorkerJvms(
            List.of(
                Jvms.jvm(0, "avx2", "", "It is slow."),
                Jvms.jvm(1, "avx2", "", ""),
                Jvms.jvm(2, "avx2", "", "It is slow.")));
    assertThat(jvms.warnings()).containsExactly("host-a, host-c: It is slow.");
  }
}
