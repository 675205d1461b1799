package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import dev.tessera.round.ActivationTask;
import dev.tessera.round.EpochPlan;
import dev.tessera.round.EvaluationTask;
import dev.tessera.round.FitTask;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which classes and libraries an executor loads to train and to evaluate. */
class ExecutorNativesTest {
  private static final int EXAMPLES = 8;
  private static final Shape.Image INPUT = new Shape.Image(28, 28, 1);

  @TempDir private Path folder;

  /**
   * What a JVM did with its tasks.
   *
   * @param output see {@link ExecutorTasks}
   * @param nd4jClasses classes of ND4J and DL4J that it loaded
   */
  private record Done(String output, List<String> nd4jClasses) {}

  private Done run(Engine engine) throws Exception {
    Path tasks = folder.resolve("tasks");
    Path classes = folder.resolve("classes.log");
    write(tasks, engine);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:class+load:file=" + classes,
            "-cp",
            System.getProperty("java.class.path"),
            ExecutorTasks.class.getName(),
            tasks.toString());
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(output).isZero();
    List<String> loaded = Files.readAllLines(classes);
    assertThat(loaded).anyMatch(line -> line.contains(FitTask.class.getName()));
    return new Done(
        output,
        loaded.stream()
            .filter(line -> line.contains(" org.nd4j.") || line.contains(" org.deeplearning4j."))
            .toList());
  }

  private static void write(Path file, Engine engine) throws IOException {
    Workload workload =
        new Workload(
            NamedNetworks.named("lenet5").compile(INPUT, 10),
            PixelScaling.unit(1),
            Objective.PLAIN,
            new Updater.Nesterov(0.9),
            Regularisation.NONE,
            GradientClipping.NONE,
            4);
    EpochPlan plan = new EpochPlan(1, 4, 2, List.of(EXAMPLES));
    Minibatch examples = EngineCase.minibatch(INPUT, 10, EXAMPLES, 1);
    String[] origins = new String[EXAMPLES];
    Arrays.fill(origins, "somewhere");
    try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(file))) {
      out.writeObject(new FitTask(engine, workload, plan, 1, UpdaterStatePolicy.AVERAGE));
      out.writeObject(new EvaluationTask(engine, workload, 1));
      out.writeObject(new ActivationTask(engine, workload, 1));
      out.writeObject(workload.initialState(1));
      out.writeObject(new PixelBlock(INPUT, examples.pixels(), examples.labels(), origins));
    }
  }

  @Test
  void executorsOfTheFastEngineLoadNothingOfNd4j() throws Exception {
    Done done = run(new OneDnnEngine(Precision.FLOAT));
    assertThat(done.output())
        .contains("onednn 3.", "trained on 8 images", "on 8 images\n", "showed 6 layers")
        .doesNotContain("libnd4jcpu", "libjnind4jcpu");
    assertThat(done.nd4jClasses()).isEmpty();
    if (Files.isReadable(Path.of("/proc/self/maps"))) {
      assertThat(done.output()).contains("libjnidnnl");
    }
  }

  /** That the test above would see them. */
  @Test
  void executorsOfTheReferenceEngineLoadNd4j() throws Exception {
    Done done = run(new Nd4jEngine());
    assertThat(done.output())
        .contains("nd4j 1.0.0-M2.1", "trained on 8 images", "on 8 images\n", "showed 6 layers");
    assertThat(done.nd4jClasses()).isNotEmpty();
    if (Files.isReadable(Path.of("/proc/self/maps"))) {
      assertThat(done.output()).contains("libnd4jcpu", "libjnind4jcpu");
    }
  }
}
