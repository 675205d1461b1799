package dev.tessera.engine.onednn;

import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** Values in memory of their own, without anything of oneDNN's, for operations in Java. */
final class BareTensor {
  private BareTensor() {}

  static Tensor of(NativeMemory memory) {
    return new Tensor(
        new long[] {memory.bytes()},
        new dnnl_memory_desc(),
        memory.bytes(),
        new dnnl_memory(),
        Buffer.fixed(memory, 0, memory.bytes()),
        0);
  }
}
