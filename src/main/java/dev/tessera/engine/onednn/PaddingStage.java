package dev.tessera.engine.onednn;

import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import java.nio.ByteBuffer;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** Zeros around a picture: the input is copied into a box of a larger tensor. */
final class PaddingStage {
  private final Emission e;
  private final String name;
  private final Value in;
  private final long[] dimensions;
  private final long[] from;

  PaddingStage(Emission e, String name, Value in, ZeroPadding layer, Shape output) {
    this.e = e;
    this.name = name;
    this.in = in;
    this.dimensions = e.dimensions(output);
    this.from = new long[] {0, 0, layer.top(), layer.left()};
  }

  Tensor forward() {
    Tensor to = e.program.tensor(e.layouts().channelsLast(e.type, dimensions), dimensions);
    ByteBuffer[] content = new ByteBuffer[1];
    byte[] zeros = new byte[1 << 14];
    e.program.add(
        Operation.java(
            name + " zeros",
            () -> content[0] = to.content(),
            () -> {
              ByteBuffer buffer = content[0];
              for (int at = 0; at < buffer.capacity(); at += zeros.length) {
                buffer.put(at, zeros, 0, Math.min(zeros.length, buffer.capacity() - at));
              }
            }),
        to);
    e.program.copy(in.tensor, box(to), name);
    return to;
  }

  private Tensor box(Tensor whole) {
    dnnl_memory_desc layout = e.layouts().part(whole.layout, in.tensor.dimensions, from);
    return e.program.view(whole, 0, layout, in.tensor.dimensions);
  }

  void backward(Value out) {
    Tensor after =
        e.program.as(
            out.gradient(), e.layouts().channelsLast(e.type, dimensions), name + " gradient");
    Tensor before = e.program.tensor(in.tensor.layout, in.tensor.dimensions);
    e.program.copy(box(after), before, name + " backward");
    e.contribute(in, before, true, name);
  }
}
