package dev.tessera;

import dev.tessera.engine.ReplicaState;
import dev.tessera.image.PixelBlock;
import dev.tessera.round.ActivationTask;
import dev.tessera.round.EvaluationTask;
import dev.tessera.round.FitTask;
import dev.tessera.round.Shard;
import dev.tessera.round.WorkerResult;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.EvaluationCounts;
import dev.tessera.stats.ShownExample;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an executor does, in a JVM of its own and without Spark: reads its tasks, says what the
 * engine is there, trains evaluates and shows what the layers make of the first image. Prints the
 * examples that it counted, and on Linux the files that are mapped into the process.
 */
public final class ExecutorTasks {
  private static final List<String> CLASSES =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  private ExecutorTasks() {}

  /**
   * See the class.
   *
   * @param arguments a file with a {@link FitTask}, an {@link EvaluationTask}, an {@link
   *     ActivationTask}, a {@link ReplicaState} and a {@link PixelBlock}, serialised
   */
  public static void main(String[] arguments) throws Exception {
    try (ObjectInputStream in =
        new ObjectInputStream(Files.newInputStream(Path.of(arguments[0])))) {
      FitTask fit = (FitTask) in.readObject();
      EvaluationTask evaluation = (EvaluationTask) in.readObject();
      ActivationTask activations = (ActivationTask) in.readObject();
      ReplicaState start = (ReplicaState) in.readObject();
      PixelBlock block = (PixelBlock) in.readObject();
      System.out.println(fit.engine().runtime(fit.threads()).library());
      WorkerResult result = fit.fit(fit.plan().round(0), 0, 0.01, start, new Shard(List.of(block)));
      EvaluationCounts counts = evaluation.evaluate(result.state(), List.of(block).iterator());
      System.out.println("trained on " + result.report().examples() + " images");
      System.out.println("evaluated: " + Evaluation.of(counts, CLASSES).describe());
      ShownExample first = new ShownExample(block.origin(0), block.label(0));
      activations
          .show(result::state, List.of(first), List.of(block).iterator())
          .forEach(image -> System.out.println("showed " + image.layers().size() + " layers"));
    }
    FitTask.releaseReplicas();
    Path maps = Path.of("/proc/self/maps");
    if (Files.isReadable(maps)) {
      Files.readAllLines(maps).forEach(System.out::println);
    }
  }
}
