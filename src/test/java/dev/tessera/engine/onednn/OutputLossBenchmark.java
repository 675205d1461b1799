package dev.tessera.engine.onednn;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Objective;
import dev.tessera.image.Minibatch;
import dev.tessera.network.Shape;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Softmax, loss and gradient of a minibatch of 64 in 10 classes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OutputLossBenchmark {
  private final Minibatch minibatch = EngineCase.minibatch(new Shape.Image(1, 1, 1), 10, 64, 1);
  private final NativeMemory scores = new NativeMemory(64 * 10 * Float.BYTES);
  private final NativeMemory gradient = new NativeMemory(64 * 10 * Float.BYTES);
  private final StepContext step = new StepContext();
  private final OutputLoss loss =
      new OutputLoss(
          step, BareTensor.of(scores), BareTensor.of(gradient), 64, 10, 10, Objective.PLAIN);

  @Setup
  public void link() {
    step.begin(minibatch, 1);
    loss.link();
  }

  @Benchmark
  public double loss() {
    loss.run();
    return step.lossSum;
  }

  @TearDown
  public void free() {
    gradient.close();
    scores.close();
  }
}
