package dev.tessera.engine.onednn;

import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The updater over all parameters of {@code reference}, with l2. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ParameterUpdateBenchmark {
  private static final Map<String, Updater> UPDATERS =
      Map.of(
          "sgd", new Updater.Sgd(),
          "nesterov", new Updater.Nesterov(0.9),
          "adam", new Updater.Adam(0.9, 0.999, 1e-8),
          "rmsProp", new Updater.RmsProp(0.95, 1e-8));

  @Param({"sgd", "nesterov", "adam", "rmsProp"})
  private String updater = "sgd";

  private NativeScope scope = new NativeScope();
  private NativeParameters parameters = new NativeParameters(workload("sgd"), scope);
  private ParameterUpdate update = new ParameterUpdate(workload("sgd"), parameters);
  private long steps;

  private static Workload workload(String updater) {
    return Workloads.of(
        NamedNetworks.named("reference").compile(new Shape.Image(32, 32, 3), 10),
        PixelScaling.unit(3),
        Objects.requireNonNull(UPDATERS.get(updater)),
        1e-4,
        64);
  }

  @Setup
  public void load() {
    scope.close();
    scope = new NativeScope();
    parameters = new NativeParameters(workload(updater), scope);
    parameters.load(workload(updater).initialState(1));
    update = new ParameterUpdate(workload(updater), parameters);
  }

  @Benchmark
  public double update() {
    return update.run(new StepSettings(1e-6, steps++, 1));
  }

  @TearDown
  public void free() {
    scope.close();
  }
}
