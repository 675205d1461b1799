package dev.tessera.engine.onednn;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineRuntime;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Processor;
import dev.tessera.engine.Replica;
import dev.tessera.engine.Support;
import dev.tessera.engine.Workload;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;

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

  /** Loads oneDNN: what it uses of the processor, only it can tell. */
  @Override
  public EngineRuntime runtime(int threads) {
    return new EngineRuntime(
        name() + " " + OneDnn.version() + " in " + precision.name().toLowerCase(Locale.ROOT),
        Processor.ofThisMachine().name(),
        OneDnn.instructionSet(),
        obstacle(),
        OpenMpThreads.warning(threads),
        limit(Pointer.maxBytes()),
        limit(Pointer.maxPhysicalBytes()));
  }

  /** JavaCPP, which allocates for us, takes 0 for none. */
  private static long limit(long bytes) {
    return bytes > 0 ? bytes : EngineRuntime.UNLIMITED;
  }

  /**
   * Loads oneDNN on first use (about a second).
   *
   * @param threads whatever the JVM's environment says; {@link #runtime} warns where it is that
   *     which decides
   * @throws IllegalArgumentException if {@code threads} is below 1
   * @throws IllegalStateException if the precision is bfloat16 and the processor can't
   */
  @Override
  public Replica open(Workload workload, int threads) {
    OpenMpThreads own = new OpenMpThreads(threads);
    String obstacle = obstacle();
    if (!obstacle.isEmpty()) {
      throw new IllegalStateException(
          "Cannot run in bfloat16: "
              + obstacle
              + ". Set training.precision = float, or use executors of one kind that have it");
    }
    return new OneDnnReplica(workload, precision, own);
  }

  private String obstacle() {
    return precision == Precision.BFLOAT16 && !OneDnn.multipliesBfloat16()
        ? "the processor (" + OneDnn.instructionSet() + ") has neither avx512_bf16 nor amx"
        : "";
  }
}
