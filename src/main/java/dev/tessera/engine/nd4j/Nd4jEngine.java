package dev.tessera.engine.nd4j;

import dev.tessera.engine.Engine;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Replica;
import dev.tessera.engine.Support;
import dev.tessera.engine.Workload;

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
