package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_in_order;

import dev.tessera.engine.ActivationListener;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.network.NetworkPlan;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.bytedeco.dnnl.dnnl_stream;
import org.jspecify.annotations.Nullable;

/**
 * A network compiled to oneDNN primitives.
 *
 * <p>Memory: the flat parameters, gradients and updater state, and one region that all programs
 * work in, one after the other. A program is compiled for the first minibatch of its size and kind
 * (training, inference) and kept; of each kind two, for full minibatches and for an epoch's last
 * one. Nothing is allocated in a step but its result.
 */
final class OneDnnReplica implements Replica {
  /** A full minibatch, and the last one of an epoch. */
  private static final int PROGRAMS_OF_A_KIND = 2;

  private final Workload workload;
  private final OpenMpThreads threads;
  private final NativeScope scope = new NativeScope();
  private final dnnl_stream stream = new dnnl_stream();
  private final NativeParameters parameters;
  private final ParameterUpdate update;
  private final NetworkCompiler.Setting setting;
  private final StepContext step = new StepContext();
  private final List<Sized> training = new ArrayList<>();
  private final List<Sized> inference = new ArrayList<>();
  private @Nullable NativeMemory region;

  /** The program whose preparation the region holds; none after parameters changed. */
  private @Nullable Program prepared;

  private boolean closed;

  /** A program for minibatches of {@code size}, and its output where the region has it. */
  private static final class Sized {
    private final int size;
    private final NetworkCompiler.Compiled compiled;
    private @Nullable FloatBuffer scores;

    Sized(int size, NetworkCompiler.Compiled compiled) {
      this.size = size;
      this.compiled = compiled;
    }

    Program program() {
      return compiled.program();
    }

    void link(NativeMemory region) {
      program().link(region);
      scores = compiled.scores().floats();
    }

    FloatBuffer scores() {
      return Objects.requireNonNull(scores);
    }
  }

  OneDnnReplica(Workload workload, Precision precision, OpenMpThreads threads) {
    this(workload, precision, threads, InferenceGroups.Rule.USUAL);
  }

  OneDnnReplica(
      Workload workload, Precision precision, OpenMpThreads threads, InferenceGroups.Rule groups) {
    this.workload = workload;
    this.threads = threads;
    threads.use();
    try {
      OneDnn.check(
          dnnl_stream_create(stream, OneDnn.engine(), dnnl_stream_in_order), "open a stream");
      scope.own(stream);
      this.parameters = new NativeParameters(workload, scope);
    } catch (RuntimeException | Error failure) {
      scope.close();
      throw failure;
    }
    this.update = new ParameterUpdate(workload, parameters);
    this.setting =
        new NetworkCompiler.Setting(
            workload, precision, parameters, step, stream, threads.count(), groups);
  }

  @Override
  public void load(ReplicaState state) {
    begin();
    parameters.load(state);
    prepared = null;
  }

  @Override
  public void store(ReplicaState into) {
    begin();
    parameters.store(into);
  }

  @Override
  public StepResult step(Minibatch minibatch, StepSettings settings) {
    begin();
    workload.check(minibatch);
    workload.checkLabels(minibatch);
    Sized program = program(training, true, minibatch.size());
    prepared = null;
    step.begin(minibatch, settings.dropoutSeed());
    program.program().run();
    double penalty = update.run(settings);
    double loss = step.lossSum / minibatch.size();
    return new StepResult(loss, loss + penalty);
  }

  @Override
  public void infer(Minibatch minibatch, float[] probabilities) {
    begin();
    workload.check(minibatch);
    NetworkPlan network = workload.network();
    int columns = network.outputLayer().units();
    int count = minibatch.size() * columns;
    if (probabilities.length < count) {
      throw new IllegalArgumentException(
          "Cannot put " + count + " probabilities into an array of " + probabilities.length);
    }
    Sized program = program(inference, false, minibatch.size());
    if (prepared != program.program()) {
      program.program().prepare();
      prepared = program.program();
    }
    step.begin(minibatch, 0);
    program.program().run();
    FloatBuffer scores = program.scores();
    if (network.sigmoidOutput()) {
      Probabilities.sigmoid(scores, probabilities, count);
    } else {
      Probabilities.softmax(scores, probabilities, minibatch.size(), columns);
    }
  }

  /** By a program of its own, which is compiled, run once and closed. */
  @Override
  public void activations(Minibatch minibatch, ActivationListener listener) {
    begin();
    workload.check(minibatch);
    try (Program program = NetworkCompiler.compileApart(setting, minibatch.size(), listener)) {
      step.begin(minibatch, 0);
      runOnce(program);
    }
  }

  /**
   * In the region if that is large enough, as it mostly is after inference of some more examples;
   * else in memory that is freed at once: the region stays as it is.
   */
  private void runOnce(Program program) {
    @Nullable NativeMemory lent = region;
    if (lent != null && lent.bytes() >= program.memoryBytes()) {
      prepared = null;
      runOnce(program, lent);
      return;
    }
    try (NativeMemory own = new NativeMemory(program.memoryBytes())) {
      runOnce(program, own);
    }
  }

  private static void runOnce(Program program, NativeMemory memory) {
    program.link(memory);
    program.prepare();
    program.run();
  }

  /**
   * The program for minibatches of that size, compiled if there is none; the last used comes first.
   */
  private Sized program(List<Sized> kept, boolean trains, int size) {
    for (int i = 0; i < kept.size(); i++) {
      Sized found = kept.get(i);
      if (found.size == size) {
        if (i > 0) {
          kept.remove(i);
          kept.add(0, found);
        }
        return found;
      }
    }
    if (kept.size() == PROGRAMS_OF_A_KIND) {
      Sized oldest = kept.remove(kept.size() - 1);
      forget(oldest);
    }
    Sized made = new Sized(size, NetworkCompiler.compile(setting, trains, size));
    try {
      link(made);
    } catch (RuntimeException | Error failure) {
      // Kept, it would run without memory.
      made.program().close();
      throw failure;
    }
    kept.add(0, made);
    return made;
  }

  private void forget(Sized program) {
    if (prepared == program.program()) {
      prepared = null;
    }
    program.program().close();
  }

  /** Gives the program the region, which grows if it is too small: then all get the new one. */
  private void link(Sized program) {
    long wanted = program.program().memoryBytes();
    @Nullable NativeMemory old = region;
    if (old != null && old.bytes() >= wanted) {
      program.link(old);
      return;
    }
    NativeMemory larger = new NativeMemory(wanted);
    region = larger;
    prepared = null;
    training.forEach(p -> p.link(larger));
    inference.forEach(p -> p.link(larger));
    program.link(larger);
    if (old != null) {
      old.close();
    }
  }

  /** The end of a step by itself, to time it. */
  void update(StepSettings settings) {
    update.run(settings);
  }

  /**
   * Does again what the last step or inference of a full minibatch did, an operation at a time, to
   * time each.
   */
  void run(boolean trains, Consumer<Operation> runner) {
    begin();
    Sized program = program(trains ? training : inference, trains, workload.batchSize());
    if (trains) {
      prepared = null;
    }
    program.program().run(runner);
  }

  /** Bytes of native memory that it holds now. */
  long nativeBytes() {
    return parameters.bytes() + (region == null ? 0 : region.bytes());
  }

  /**
   * Compiles for full minibatches, for tests and logs: every operation by name and implementation.
   */
  List<Operation> operations(boolean trains) {
    Sized program = program(trains ? training : inference, trains, workload.batchSize());
    return program.program().operations().toList();
  }

  /** First in every call: the calling thread may be another than last time. */
  private void begin() {
    if (closed) {
      throw new IllegalStateException("Cannot use " + this + ": it is closed");
    }
    threads.use();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    training.forEach(p -> p.program().close());
    inference.forEach(p -> p.program().close());
    if (region != null) {
      region.close();
    }
    scope.close();
  }

  @Override
  public String toString() {
    return "onednn replica of "
        + workload.network().name()
        + " for minibatches of "
        + workload.batchSize();
  }
}
