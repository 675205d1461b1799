package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import dev.tessera.engine.Precision;
import dev.tessera.network.Shape;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** What every layer needs to add its primitives to a program. */
final class Emission {
  final ProgramBuilder program;
  final NativeParameters parameters;
  final boolean training;
  final int batch;

  /** Native threads of the replica. */
  final int threads;

  /** oneDNN's type of activations and of their gradients. */
  final int type;

  private final Deque<Runnable> backward = new ArrayDeque<>();

  Emission(
      ProgramBuilder program,
      NativeParameters parameters,
      boolean training,
      int batch,
      int threads,
      Precision precision) {
    this.program = program;
    this.parameters = parameters;
    this.training = training;
    this.batch = batch;
    this.threads = threads;
    this.type = precision == Precision.BFLOAT16 ? dnnl_bf16 : dnnl_f32;
  }

  int propagation() {
    return training ? dnnl_forward_training : dnnl_forward_inference;
  }

  Layouts layouts() {
    return program.layouts;
  }

  /**
   * Adds the backward pass of the stage that gave {@code value}, to run after those of all stages
   * that come later. None if nothing before or in it learns: then no reader makes a gradient for
   * it.
   */
  void backward(Value value, Runnable pass) {
    if (training && value.wantsGradient) {
      backward.push(pass);
    }
  }

  void emitBackward() {
    while (!backward.isEmpty()) {
      backward.pop().run();
    }
  }

  /** NCHW or NC. */
  long[] dimensions(Shape shape) {
    if (shape instanceof Shape.Image image) {
      return new long[] {batch, image.channels(), image.height(), image.width()};
    }
    return new long[] {batch, shape.size()};
  }

  /** A vector as N x C, values of an example next to each other in DL4J's order. */
  Tensor flat(Value value, String name) {
    Tensor tensor = value.tensor;
    if (tensor.dimensions.length == 2) {
      return tensor;
    }
    Tensor plain = program.as(tensor, layouts().plain(type, tensor.dimensions), name);
    long[] dimensions = {batch, value.shape.size()};
    return program.view(plain, 0, layouts().plain(type, dimensions), dimensions);
  }

  /** The gradient of {@link #flat}, {@code N x C}, as one of the value's own dimensions. */
  Tensor unflat(Value value, Tensor gradient, String name) {
    if (value.tensor.dimensions.length == 2) {
      return gradient;
    }
    Tensor plain = program.as(gradient, layouts().plain(type, gradient.dimensions), name);
    long[] dimensions = value.tensor.dimensions;
    return program.view(plain, 0, layouts().plain(type, dimensions), dimensions);
  }

  /**
   * Adds a reader's share to a value's gradient.
   *
   * @param owned whether nobody else reads {@code share}
   */
  void contribute(Value value, Tensor share, boolean owned, String name) {
    if (!value.hasGradient()) {
      value.setGradient(share, owned);
    } else if (value.gradientOwned()) {
      add(value.gradient(), share, value.gradient(), name);
    } else if (owned) {
      add(share, value.gradient(), share, name);
      value.setGradient(share, true);
    } else {
      Tensor sum = program.tensor(share.layout, share.dimensions);
      add(share, value.gradient(), sum, name);
      value.setGradient(sum, true);
    }
  }

  /**
   * Where the result of an operation on a value's gradient may go: over what the operation reads,
   * if nobody else reads that. Copies in other layouts are shared as the gradient itself is.
   *
   * @param read the gradient, or its copy in another layout
   */
  Tensor writable(Value value, Tensor read) {
    return value.gradientOwned() ? read : program.tensor(read.layout, read.dimensions);
  }

  private void add(Tensor first, Tensor second, Tensor into, String name) {
    binary(
        org.bytedeco.dnnl.global.dnnl.dnnl_binary_add,
        first,
        program.as(second, first.layout, name + " gradient"),
        into,
        name + " gradient sum");
  }

  /**
   * {@code into = first (algorithm) second}, all of one layout; {@code into} may be {@code first}.
   */
  void binary(int algorithm, Tensor first, Tensor second, Tensor into, String name) {
    FusedOperations nothing = FusedOperations.none(this);
    new PairwiseStage(this, algorithm, first, second, into, nothing, name).emit();
  }

  dnnl_memory_desc any(long... dimensions) {
    return layouts().any(type, dimensions);
  }

  static long[] pair(int first, int second) {
    return new long[] {first, second};
  }

  static long product(long[] dimensions) {
    return Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
  }
}
