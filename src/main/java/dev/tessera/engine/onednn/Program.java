package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.dnnl.dnnl_memory;

/**
 * Operations in order over planned memory, for one size of minibatch.
 *
 * <p>Owns its primitives and tensors; the memory they work on is lent by {@link #link}. Running
 * allocates nothing.
 */
final class Program implements AutoCloseable {
  private final NativeScope scope;
  private final Operation[] preparation;
  private final Operation[] body;
  private final List<Tensor> tensors;
  private final List<Buffer> planned;
  private final List<dnnl_memory> scratch;
  private final long regionBytes;
  private final long scratchBytes;

  Program(
      NativeScope scope,
      List<Operation> preparation,
      List<Operation> body,
      List<Tensor> tensors,
      List<Buffer> planned,
      List<dnnl_memory> scratch,
      long regionBytes,
      long scratchBytes) {
    this.scope = scope;
    this.preparation = preparation.toArray(new Operation[0]);
    this.body = body.toArray(new Operation[0]);
    this.tensors = List.copyOf(tensors);
    this.planned = List.copyOf(planned);
    this.scratch = List.copyOf(scratch);
    this.regionBytes = regionBytes;
    this.scratchBytes = scratchBytes;
  }

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
    run(preparation);
  }

  void run() {
    run(body);
  }

  private static void run(Operation[] operations) {
    for (Operation operation : operations) {
      operation.run();
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
