package dev.tessera.engine.nd4j;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineRuntime;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Processor;
import dev.tessera.engine.Replica;
import dev.tessera.engine.Support;
import dev.tessera.engine.Workload;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/** Runs minibatches on DL4J's layers over ND4J's CPU backend: slow, and the reference. */
public record Nd4jEngine() implements Engine {
  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public Support supports(Workload workload) {
    return Nd4jSupport.of(workload);
  }

  @Override
  public MemoryPlan plan(Workload workload) {
    return Nd4jMemory.plan(workload);
  }

  /**
   * Loads nothing native but JavaCPP itself. ND4J sets its threads itself, and allocates past
   * JavaCPP, which limits the process alone.
   */
  @Override
  public EngineRuntime runtime(int threads) {
    Processor processor = Processor.ofThisMachine();
    long processLimit = Pointer.maxPhysicalBytes();
    return new EngineRuntime(
        name() + " " + version(),
        processor.name(),
        processor.instructionSet(),
        "",
        "",
        EngineRuntime.UNLIMITED,
        processLimit > 0 ? processLimit : EngineRuntime.UNLIMITED);
  }

  private static String version() {
    try {
      return Loader.getVersion("org.nd4j", "nd4j-api");
    } catch (IOException e) {
      // Its jar was packed again without Maven's files. Only a word in a log depends on it.
      return "of unknown version";
    }
  }

  /**
   * Loads ND4J's natives on first use (seconds).
   *
   * @throws IllegalArgumentException if the network is not supported, or {@code threads} is below 1
   */
  @Override
  public Replica open(Workload workload, int threads) {
    Support support = supports(workload);
    if (!support.supported()) {
      throw new IllegalArgumentException("Cannot run the network on nd4j: " + support.reason());
    }
    Nd4jThreads.use(threads);
    return new Nd4jReplica(workload);
  }
}
