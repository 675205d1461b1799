package dev.tessera.engine.onednn;

import java.nio.FloatBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Probabilities of a minibatch of 64 in 10 classes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProbabilitiesBenchmark {
  private final NativeMemory memory = new NativeMemory(64 * 10 * Float.BYTES);
  private final FloatBuffer scores = memory.floats(0, 64 * 10);
  private final float[] probabilities = new float[64 * 10];

  @Setup
  public void draw() {
    for (int i = 0; i < probabilities.length; i++) {
      scores.put(i, i % 7);
    }
  }

  @Benchmark
  public float[] softmax() {
    Probabilities.softmax(scores, probabilities, 64, 10);
    return probabilities;
  }

  @TearDown
  public void free() {
    memory.close();
  }
}
