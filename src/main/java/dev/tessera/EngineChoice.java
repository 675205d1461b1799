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

/**
 * The engine of a run, chosen once, on the driver, for the JVMs that will run it.
 *
 * @param notes what is not as the job asks for, and why, a line each
 */
record EngineChoice(Engine engine, WorkerJvms jvms, List<String> notes) {
  EngineChoice {
    notes = List.copyOf(notes);
  }

  /** Asks the JVMs that will run an engine what it is there. */
  @FunctionalInterface
  interface Survey {
    WorkerJvms of(Engine engine);
  }

  /**
   * Chooses for those that the survey asks.
   *
   * @throws JobException if the engine that the job names can't run the workload, or only some of
   *     the JVMs can run it
   */
  static EngineChoice of(Job job, Workload workload, Survey survey) {
    return of(job.engine(), workload, job.modelOrigin().model(), survey);
  }

  /**
   * @param model where the model stands in the job file, for errors
   */
  static EngineChoice of(EngineSettings settings, Workload workload, String model, Survey survey) {
    Engine fast = new OneDnnEngine(settings.precision());
    Engine reference = new Nd4jEngine();
    return switch (settings.kind()) {
      case ONEDNN -> fast(settings, required(fast, workload, model), survey);
      case ND4J -> reference(required(reference, workload, model), floatOnly(settings), survey);
      case AUTO -> {
        Support support = fast.supports(workload);
        if (support.supported()) {
          yield fast(settings, fast, survey);
        }
        List<String> reasons = new ArrayList<>(floatOnly(settings));
        reasons.add(0, "Engine nd4j instead of onednn: " + support.reason());
        yield reference(required(reference, workload, model), reasons, survey);
      }
    };
  }

  /** In the precision that the job asks for if its JVMs can, in float if none can. */
  private static EngineChoice fast(EngineSettings settings, Engine fast, Survey survey) {
    WorkerJvms jvms = survey.of(fast);
    if (settings.precision() == Precision.BFLOAT16) {
      if (jvms.noneAble()) {
        Engine plain = new OneDnnEngine(Precision.FLOAT);
        String note =
            "training.precision = bfloat16, but " + jvms.obstacle() + ": the run uses float.";
        return new EngineChoice(plain, survey.of(plain), List.of(note));
      }
      jvms.requireAble("training.precision = bfloat16", "Set training.precision = float");
    }
    return new EngineChoice(fast, jvms, List.of());
  }

  private static EngineChoice reference(Engine engine, List<String> notes, Survey survey) {
    return new EngineChoice(engine, survey.of(engine), notes);
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
