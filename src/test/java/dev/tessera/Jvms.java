package dev.tessera;

import dev.tessera.engine.EngineRuntime;
import dev.tessera.spark.WorkerJvm;

/** JVMs that are not there. */
final class Jvms {
  private Jvms() {}

  /** On the host of that letter, of 4 GB on 16 GB. */
  static WorkerJvm jvm(int index, String instructionSet, String obstacle, String warning) {
    return new WorkerJvm(
        Integer.toString(index),
        "host-" + (char) ('a' + index),
        new EngineRuntime(
            "onednn 3.11.0 in float",
            "Some EPYC",
            instructionSet,
            obstacle,
            warning,
            4L << 30,
            EngineRuntime.UNLIMITED),
        4L << 30,
        16L << 30);
  }
}
