package dev.tessera.stats;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Statistics of as many parameters as {@code reference} has. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BlockSumsBenchmark {
  private final float[] values = new float[158_122];
  private final float[] before = new float[values.length];

  @Setup
  public void draw() {
    RandomStream random = RandomStream.of(1, Purpose.INITIALISATION);
    for (int i = 0; i < values.length; i++) {
      before[i] = random.nextInt(1000) / 1000f;
      values[i] = before[i] + random.nextInt(1000) / 1e6f;
    }
  }

  @Benchmark
  public BlockSums statistics() {
    BlockSums sums = new BlockSums();
    for (int i = 0; i < values.length; i++) {
      sums.add(values[i], before[i]);
    }
    return sums;
  }
}
