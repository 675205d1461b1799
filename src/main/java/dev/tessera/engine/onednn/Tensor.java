package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** Values of a program: dimensions and layout (oneDNN's descriptor) over a buffer. */
final class Tensor {
  /** NCHW, NC, GOIHW, OIHW, OI or one dimension, whatever the layout in memory. */
  final long[] dimensions;

  final dnnl_memory_desc layout;
  final dnnl_memory memory;
  final Buffer buffer;

  /** Bytes from the start of the buffer. */
  final long offset;

  final long bytes;

  /** The same values in other layouts, as far as the program has made them. */
  final List<Tensor> copies = new ArrayList<>();

  Tensor(
      long[] dimensions,
      dnnl_memory_desc layout,
      long bytes,
      dnnl_memory memory,
      Buffer buffer,
      long offset) {
    this.dimensions = dimensions;
    this.layout = layout;
    this.bytes = bytes;
    this.memory = memory;
    this.buffer = buffer;
    this.offset = offset;
  }

  boolean hasLayout(dnnl_memory_desc other) {
    return dnnl_memory_desc_equal(layout, other) != 0;
  }

  /** Valid once the program is linked. */
  FloatBuffer floats() {
    return buffer.memory().floats(buffer.offset + offset, bytes / Float.BYTES);
  }

  /** How many longs cover it; every buffer has room for whole ones. */
  long longs() {
    return (bytes + Long.BYTES - 1) / Long.BYTES;
  }

  ByteBuffer content() {
    return buffer.memory().bytes(buffer.offset + offset, bytes);
  }
}
