package dev.tessera;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineSettings;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Support;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The engine of a run, chosen once, on the driver.
 *
 * @param notes what is not as the job asks for, and why, a line each
 */
record EngineChoice(Engine engine, List<String> notes) {
  /** Names of instruction sets that multiply bfloat16, as Linux has them. */
  private static final Set<String> BFLOAT16 = Set.of("amx_bf16", "avx512_bf16");

  EngineChoice {
    notes = List.copyOf(notes);
  }

  /**
   * Chooses for this machine.
   *
   * @throws JobException if the engine that the job names can't run the workload
   */
  static EngineChoice of(Job job, Workload workload) {
    String model = job.modelOrigin().model();
    return of(job.engine(), workload, model, InstructionSet.ofThisMachine());
  }

  /**
   * @param model where the model stands in the job file, for errors
   */
  static EngineChoice of(
      EngineSettings settings, Workload workload, String model, String instructionSet) {
    List<String> notes = new ArrayList<>();
    Engine fast = new OneDnnEngine(precision(settings, instructionSet, notes));
    Engine reference = new Nd4jEngine();
    return switch (settings.kind()) {
      case ONEDNN -> new EngineChoice(required(fast, workload, model), notes);
      case ND4J -> new EngineChoice(required(reference, workload, model), floatOnly(settings));
      case AUTO -> {
        Support support = fast.supports(workload);
        if (support.supported()) {
          yield new EngineChoice(fast, notes);
        }
        List<String> reasons = new ArrayList<>(floatOnly(settings));
        reasons.add(0, "Engine nd4j instead of onednn: " + support.reason());
        yield new EngineChoice(required(reference, workload, model), reasons);
      }
    };
  }

  private static Precision precision(
      EngineSettings settings, String instructionSet, List<String> notes) {
    if (settings.precision() == Precision.BFLOAT16 && !BFLOAT16.contains(instructionSet)) {
      notes.add(
          "training.precision = bfloat16, but the processor here ("
              + instructionSet
              + ") has neither avx512_bf16 nor amx: the run uses float.");
      return Precision.FLOAT;
    }
    return settings.precision();
  }

  private static List<String> floatOnly(EngineSettings settings) {
    return settings.precision() == Precision.FLOAT
        ? List.of()
        : List.of("training.precision = bfloat16, but engine nd4j runs in float alone.");
  }

  private static Engine required(Engine engine, Workload workload, String model) {
    Support support = engine.supports(workload);
    if (!support.supported()) {
      throw new JobException(
          model + ": engine " + engine.name() + " can't run it: " + support.reason());
    }
    return engine;
  }
}
