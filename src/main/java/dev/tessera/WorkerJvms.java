package dev.tessera;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import dev.tessera.engine.EngineRuntime;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.error.JobException;
import dev.tessera.spark.WorkerJvm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The JVMs that will run the workers of a run, at least one, and what they say of its engine. */
record WorkerJvms(List<WorkerJvm> jvms) {
  WorkerJvms {
    jvms = List.copyOf(jvms);
  }

  /** The engine's line at the start of a run. */
  String describe(int threads, MemoryPlan plan) {
    return String.format(
        Locale.ROOT,
        "Engine %s on %s, %d thread%s a worker, about %,d MB of native memory each",
        libraries(),
        distinct(engine -> engine.processor() + " (" + engine.instructionSet() + ")"),
        threads,
        threads == 1 ? "" : "s",
        plan.totalBytes() >> 20);
  }

  /** For example {@code avx512_bf16}; several, with "and", where they differ. */
  String instructionSets() {
    return distinct(EngineRuntime::instructionSet);
  }

  /** For example {@code onednn 3.11.0 in float}. */
  String libraries() {
    return distinct(EngineRuntime::library);
  }

  /** For example {@code AMD EPYC}. */
  String processors() {
    return distinct(EngineRuntime::processor);
  }

  private String distinct(Function<EngineRuntime, String> text) {
    return jvms.stream()
        .map(WorkerJvm::engine)
        .map(text)
        .distinct()
        .sorted()
        .collect(joining(" and "));
  }

  /** What is the same nowhere or wrong somewhere, a line each. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    by(jvm -> jvm.engine().warning())
        .forEach(
            (warning, there) -> {
              if (!warning.isEmpty()) {
                warnings.add(hosts(there) + ": " + warning);
              }
            });
    Map<String, List<WorkerJvm>> sets = by(jvm -> jvm.engine().instructionSet());
    if (sets.size() > 1) {
      warnings.add(
          "The workers' processors differ: "
              + sets.entrySet().stream()
                  .map(set -> set.getKey() + " on " + hosts(set.getValue()))
                  .collect(joining("; "))
              + ". Rounding differs between them, so a second run gives the same bits only if every"
              + " worker meets the same kind again. Use executors of one kind, or with onednn cap them all"
              + " at the oldest, for example spark.executorEnv.ONEDNN_MAX_CPU_ISA=AVX2.");
    }
    return warnings;
  }

  /** Whether the engine can run on none of them, and why. */
  boolean noneAble() {
    return jvms.stream().noneMatch(jvm -> jvm.engine().able());
  }

  /** Why the first of those can't that can't; empty if all can. */
  String obstacle() {
    return jvms.stream()
        .map(jvm -> jvm.engine().obstacle())
        .filter(obstacle -> !obstacle.isEmpty())
        .findFirst()
        .orElse("");
  }

  /**
   * Refuses an engine that part of them can't run.
   *
   * @param setting that asks for it
   * @param advice what else to set
   * @throws JobException naming those
   */
  void requireAble(String setting, String advice) {
    List<String> unable = new ArrayList<>();
    by(jvm -> jvm.engine().obstacle())
        .forEach(
            (obstacle, there) -> {
              if (!obstacle.isEmpty()) {
                unable.add("on " + hosts(there) + " " + obstacle);
              }
            });
    if (!unable.isEmpty()) {
      throw new JobException(
          setting
              + " does not run on every executor: "
              + String.join("; ", unable)
              + ". "
              + advice
              + ", or use executors of one kind that have it.");
    }
  }

  private Map<String, List<WorkerJvm>> by(Function<WorkerJvm, String> property) {
    return jvms.stream().collect(groupingBy(property, TreeMap::new, toList()));
  }

  static String hosts(Collection<WorkerJvm> jvms) {
    return jvms.stream().map(WorkerJvm::host).distinct().sorted().collect(joining(", "));
  }
}
