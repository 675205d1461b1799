package dev.tessera.engine;

import java.io.Serializable;

/**
 * What an engine is in one JVM: found out there, before anything is trained, and told to the
 * driver.
 *
 * @param library its name and version, and the precision where it has a choice
 * @param processor the model
 * @param instructionSet that it computes with: equal bits are promised between JVMs that have the
 *     same
 * @param obstacle why the engine can't run there, a clause that goes on from "but"; empty if it can
 * @param warning what there makes it slow, or its bits others, a sentence; empty if nothing does
 * @param allocationLimitBytes the most that all its replicas may take together there
 * @param processLimitBytes the size of the process from which on its library refuses to allocate
 */
public record EngineRuntime(
    String library,
    String processor,
    String instructionSet,
    String obstacle,
    String warning,
    long allocationLimitBytes,
    long processLimitBytes)
    implements Serializable {
  /** Stands for a limit that is not there. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  public boolean able() {
    return obstacle.isEmpty();
  }
}
