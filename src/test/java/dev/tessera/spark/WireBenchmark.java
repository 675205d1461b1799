package dev.tessera.spark;

import dev.tessera.engine.ReplicaState;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A replica state to bytes and back; 158,122 is that of {@code reference}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WireBenchmark {
  @Param({"158122", "16000000"})
  private int parameters;

  private ReplicaState state = new ReplicaState(new float[0], new float[0]);

  @Setup
  public void draw() {
    state = new ReplicaState(new float[parameters], new float[parameters]);
  }

  @Benchmark
  public ReplicaState thereAndBack() {
    return Wire.value(Wire.bytes(state), ReplicaState.class);
  }
}
