package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.dnnl.dnnl_memory;

/**
 * Operations in order over planned memory, for one size of minibatch. The first of them may run
 * once for each group of its examples.
 *
 * <p>Owns its primitives and tensors; the memory they work on is lent by {@link #link}. Running
 * allocates nothing.
 */
final class Program implements AutoCloseable {
  private final NativeScope scope;
  private final Operation[] preparation;
  private final Operation[] body;
  private final Groups groups;
  private final List<Tensor> tensors;
  private final List<Buffer> planned;
  private final List<dnnl_memory> scratch;
  private final long regionBytes;
  private final long scratchBytes;

  Program(
      NativeScope scope,
      List<Operation> preparation,
      List<Operation> body,
      Groups groups,
      List<Tensor> tensors,
      List<Buffer> planned,
      List<dnnl_memory> scratch,
      long regionBytes,
      long scratchBytes) {
    this.scope = scope;
    this.preparation = preparation.toArray(new Operation[0]);
    this.body = body.toArray(new Operation[0]);
    this.groups = groups;
    this.tensors = List.copyOf(tensors);
    this.planned = List.copyOf(planned);
    this.scratch = List.copyOf(scratch);
    this.regionBytes = regionBytes;
    this.scratchBytes = scratchBytes;
  }

  /**
   * Groups of a minibatch's examples.
   *
   * @param operations how many of the first operations run for one group after the other
   * @param size examples of a group
   * @param batch examples of the minibatch, {@code size} at least
   * @param step learns where each group begins
   */
  record Groups(int operations, int size, int batch, StepContext step) {}

  /** Bytes that {@link #link} needs: what is planned, and scratch space after it. */
  long memoryBytes() {
    return regionBytes + scratchBytes;
  }

  /** Puts everything into {@code region}. Programs that don't run at the same time may share it. */
  void link(NativeMemory region) {
    planned.forEach(buffer -> buffer.memory = region);
    for (Tensor tensor : tensors) {
      Buffer buffer = tensor.buffer;
      if (buffer.memory != null) {
        OneDnn.check(
            dnnl_memory_set_data_handle(
                tensor.memory, buffer.memory().at(buffer.offset + tensor.offset, tensor.bytes)),
            "place a tensor");
      }
    }
    for (dnnl_memory memory : scratch) {
      OneDnn.check(
          dnnl_memory_set_data_handle(memory, region.at(regionBytes, scratchBytes)),
          "place scratch memory");
    }
    operations().forEach(Operation::linked);
  }

  /** To be run when parameters have changed, or another program has used the region. */
  void prepare() {
    for (Operation operation : preparation) {
      operation.run();
    }
  }

  void run() {
    run(Operation::run);
  }

  /**
   * Has every operation run by {@code runner}, as often as it is needed. The last group begins
   * early enough to be a full one: what some examples gave before is made again.
   */
  void run(Consumer<Operation> runner) {
    for (int first = 0; first < groups.batch; first += groups.size) {
      groups.step.firstExample = Math.min(first, groups.batch - groups.size);
      for (int i = 0; i < groups.operations; i++) {
        runner.accept(body[i]);
      }
    }
    for (int i = groups.operations; i < body.length; i++) {
      runner.accept(body[i]);
    }
  }

  Stream<Operation> operations() {
    return Stream.concat(Stream.of(preparation), Stream.of(body));
  }

  @Override
  public void close() {
    scope.close();
  }
}
