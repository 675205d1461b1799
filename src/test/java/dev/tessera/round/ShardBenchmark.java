package dev.tessera.round;

import dev.tessera.image.BlockDecoder;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A minibatch of 64 images of 32 x 32 x 3 from a shard of 8,000 in the order of an epoch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ShardBenchmark {
  private static final int EXAMPLES = 8000;

  private final Shape.Image shape = new Shape.Image(32, 32, 3);
  private final Minibatch minibatch = new Minibatch(shape, 64);
  private final int[] order = RandomStream.of(1, Purpose.EXAMPLE_ORDER).permutation(EXAMPLES);
  private Shard shard = new Shard(java.util.List.of());
  private final BlockDecoder decoder = new BlockDecoder(Feeding.ofPixels(shape).image());
  private int step;

  @Setup
  public void draw() {
    String[] origins = new String[EXAMPLES / 8];
    Arrays.fill(origins, "random");
    PixelBlock block =
        new PixelBlock(
            shape, new byte[origins.length * shape.size()], new int[origins.length], origins);
    shard = new Shard(Collections.nCopies(8, block));
  }

  @Benchmark
  public int[] fill() {
    step = (step + 1) % (EXAMPLES / 64);
    shard.fill(minibatch, order, step * 64, step * 64 + 64, decoder);
    return minibatch.labels();
  }
}
