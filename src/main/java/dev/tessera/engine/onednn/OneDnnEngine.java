package dev.tessera.engine.onednn;

import dev.tessera.engine.Engine;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Replica;
import dev.tessera.engine.Support;
import dev.tessera.engine.Workload;

/** Runs minibatches as lists of oneDNN primitives, compiled once. */
public record OneDnnEngine(Precision precision) implements Engine {
  @Override
  public String name() {
    return "onednn";
  }

  /** It runs every layer that there is. */
  @Override
  public Support supports(Workload workload) {
    return Support.YES;
  }

  @Override
  public MemoryPlan plan(Workload workload) {
    return OneDnnMemory.plan(workload, precision);
  }

  /**
   * Loads oneDNN on first use (about a second).
   *
   * @param threads what the environment variable OMP_NUM_THREADS must say: oneDNN has no other way
   *     to be told. A difference is warned of
   * @throws IllegalArgumentException if {@code threads} is below 1
   * @throws IllegalStateException if the precision is bfloat16 and the processor can't
   */
  @Override
  public Replica open(Workload workload, int threads) {
    OpenMpThreads.check(threads);
    if (precision == Precision.BFLOAT16 && !OneDnn.multipliesBfloat16()) {
      throw new IllegalStateException(
          "Cannot train in bfloat16 on this machine: its processor ("
              + OneDnn.instructionSet()
              + ") has neither avx512_bf16 nor amx. Set training.precision = float, or use executors of one kind that have it");
    }
    return new OneDnnReplica(workload, precision);
  }
}
