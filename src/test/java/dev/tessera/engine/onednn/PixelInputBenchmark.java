package dev.tessera.engine.onednn;

import dev.tessera.engine.EngineCase;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
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

/** Pixels of a minibatch of 64 images of 32 x 32 x 3 to scaled values. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PixelInputBenchmark {
  @Param({"false", "true"})
  private boolean bfloat16;

  private final Minibatch minibatch = EngineCase.minibatch(new Shape.Image(32, 32, 3), 10, 64, 1);
  private final NativeMemory memory = new NativeMemory(64L * 32 * 32 * 3 * Float.BYTES);
  private final StepContext step = new StepContext();
  private PixelInput input =
      new PixelInput(step, BareTensor.of(memory), 64, PixelScaling.unit(3), false);

  @Setup
  public void link() {
    step.begin(minibatch, 1);
    input = new PixelInput(step, BareTensor.of(memory), 64, PixelScaling.unit(3), bfloat16);
    input.link();
  }

  @Benchmark
  public void scale() {
    input.fill();
  }

  @TearDown
  public void free() {
    memory.close();
  }
}
