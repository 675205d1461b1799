package dev.tessera.engine.onednn;

import dev.tessera.engine.EngineCase;
import dev.tessera.image.Minibatch;
import dev.tessera.network.Shape;
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

/** The mask of 64 x 16 x 16 x 32 values, the first of {@code reference}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DropoutMaskBenchmark {
  @Param({"false", "true"})
  private boolean bfloat16;

  private final Minibatch minibatch = EngineCase.minibatch(new Shape.Image(1, 1, 1), 10, 1, 1);
  private final StepContext step = new StepContext();
  private NativeMemory memory = new NativeMemory(Long.BYTES);
  private DropoutMask mask = new DropoutMask(step, BareTensor.of(memory), false, 1, 0.25);

  @Setup
  public void link() {
    step.begin(minibatch, 1);
    memory.close();
    memory = new NativeMemory(64L * 16 * 16 * 32 * (bfloat16 ? Short.BYTES : Float.BYTES));
    mask = new DropoutMask(step, BareTensor.of(memory), bfloat16, 1, 0.25);
    mask.link();
  }

  @Benchmark
  public void draw() {
    mask.draw();
  }

  @TearDown
  public void free() {
    memory.close();
  }
}
