package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_exec_arg_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/**
 * Collects the operations of a program and the tensors between them.
 *
 * <p>What is added while {@link #preparing} runs once after parameters have changed, and its
 * results stay; everything else runs for every minibatch.
 */
final class ProgramBuilder {
  final NativeScope scope;
  final Layouts layouts;
  private final dnnl_stream stream;
  private final dnnl_primitive_attr plain;
  private final List<Operation> preparation = new ArrayList<>();
  private final List<Operation> body = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Buffer> lasting = new ArrayList<>();
  private final List<Buffer> planned = new ArrayList<>();
  private final List<dnnl_memory> scratchMemories = new ArrayList<>();
  private long scratchBytes;
  private boolean preparing;
  private Program.Groups groups;

  ProgramBuilder(NativeScope scope, dnnl_stream stream, int batch, StepContext step) {
    this.scope = scope;
    this.stream = stream;
    this.layouts = new Layouts(scope);
    this.groups = new Program.Groups(0, batch, batch, step);
    this.plain = attributes(null);
  }

  /** Adds what {@code operations} adds to the part that runs when parameters have changed. */
  void preparing(Runnable operations) {
    boolean before = preparing;
    preparing = true;
    operations.run();
    preparing = before;
  }

  /** Attributes without anything fused. */
  dnnl_primitive_attr plain() {
    return plain;
  }

  dnnl_primitive_attr attributes(@org.jspecify.annotations.Nullable dnnl_post_ops postOps) {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    OneDnn.check(dnnl_primitive_attr_create(attributes), "make attributes");
    scope.own(attributes);
    OneDnn.check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
        "set attributes");
    if (postOps != null) {
      OneDnn.check(dnnl_primitive_attr_set_post_ops(attributes, postOps), "set what is fused");
    }
    return attributes;
  }

  /** A tensor of the program's own memory. */
  Tensor tensor(dnnl_memory_desc layout, long... dimensions) {
    Buffer buffer = new Buffer(dnnl_memory_desc_get_size(layout));
    planned.add(buffer);
    return over(buffer, 0, layout, dimensions);
  }

  /** The layout that a primitive wants for an argument, as a new tensor. */
  Tensor tensor(dnnl_primitive_desc primitive, int argument, long... dimensions) {
    return tensor(wanted(primitive, argument), dimensions);
  }

  /** The same bytes as {@code base} from {@code offset} on, seen differently. */
  Tensor view(Tensor base, long offset, dnnl_memory_desc layout, long... dimensions) {
    return over(base.buffer, base.offset + offset, layout, dimensions);
  }

  /** Values at a given place: parameters, gradients. */
  Tensor over(Buffer buffer, long offset, dnnl_memory_desc layout, long... dimensions) {
    dnnl_memory memory = new dnnl_memory();
    OneDnn.check(
        dnnl_memory_create(memory, layout, OneDnn.engine(), null), "make a tensor's memory");
    scope.own(memory);
    Tensor tensor =
        new Tensor(dimensions, layout, dnnl_memory_desc_get_size(layout), memory, buffer, offset);
    tensors.add(tensor);
    return tensor;
  }

  /** Descriptor of an argument; belongs to the primitive. */
  static dnnl_memory_desc wanted(dnnl_primitive_desc primitive, int argument) {
    return dnnl_primitive_desc_query_md(primitive, dnnl_query_exec_arg_md, argument);
  }

  /** {@code tensor} in the layout that a primitive wants: itself, an earlier copy, or a new one. */
  Tensor as(Tensor tensor, dnnl_primitive_desc primitive, int argument, String name) {
    return as(tensor, wanted(primitive, argument), name);
  }

  Tensor as(Tensor tensor, dnnl_memory_desc layout, String name) {
    if (tensor.hasLayout(layout)) {
      return tensor;
    }
    for (Tensor copy : tensor.copies) {
      if (copy.hasLayout(layout)) {
        return copy;
      }
    }
    Tensor copy = tensor(layout, tensor.dimensions);
    copy(tensor, copy, name);
    tensor.copies.add(copy);
    return copy;
  }

  /** Copies values from one layout or type to another. */
  void copy(Tensor from, Tensor to, String name) {
    dnnl_primitive_desc primitive = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_reorder_primitive_desc_create(
            primitive, from.layout, OneDnn.engine(), to.layout, OneDnn.engine(), plain),
        "reorder " + name);
    add(name + " reorder", primitive, Arguments.of(DNNL_ARG_FROM, from).and(DNNL_ARG_TO, to));
  }

  /** Adds a primitive; the description belongs to the program from here on. */
  void add(String name, dnnl_primitive_desc description, Arguments arguments) {
    scope.own(description);
    dnnl_primitive primitive = new dnnl_primitive();
    OneDnn.check(dnnl_primitive_create(primitive, description), "make " + name);
    scope.own(primitive);
    int count = arguments.tensors.size();
    dnnl_exec_arg_t list = scope.ownMemory(new dnnl_exec_arg_t(count + 1));
    for (int i = 0; i < count; i++) {
      list.position(i).arg(arguments.indices.get(i)).memory(arguments.tensors.get(i).memory);
    }
    dnnl_memory_desc scratchLayout = wanted(description, DNNL_ARG_SCRATCHPAD);
    long bytes = dnnl_memory_desc_get_size(scratchLayout);
    if (bytes > 0) {
      dnnl_memory memory = new dnnl_memory();
      OneDnn.check(
          dnnl_memory_create(memory, scratchLayout, OneDnn.engine(), null), "make scratch memory");
      scratchMemories.add(scope.own(memory));
      scratchBytes = Math.max(scratchBytes, bytes);
      list.position(count++).arg(DNNL_ARG_SCRATCHPAD).memory(memory);
    }
    list.position(0);
    append(
        new PrimitiveOperation(
            name, Implementation.name(description), primitive, stream, count, list),
        arguments.tensors);
  }

  /** Adds work in Java that reads or writes {@code used}. */
  void add(Operation operation, Tensor... used) {
    append(operation, List.of(used));
  }

  private void append(Operation operation, List<Tensor> used) {
    if (preparing) {
      preparation.add(operation);
      used.forEach(tensor -> lasting.add(tensor.buffer));
    } else {
      body.add(operation);
      used.forEach(tensor -> tensor.buffer.use(body.size() - 1));
    }
  }

  /**
   * Says that all operations so far run for one group of the minibatch's examples after the other.
   *
   * @param collected what they leave of all groups
   */
  void endGroups(int size, Tensor collected) {
    collected.buffer.use(0);
    groups = new Program.Groups(body.size(), size, groups.batch(), groups.step());
  }

  /** Plans the memory. {@link Program#link} then gives it. */
  Program build() {
    for (Buffer buffer : lasting) {
      buffer.use(-1);
      buffer.use(body.size());
    }
    List<Buffer> used = new ArrayList<>();
    for (Buffer buffer : planned) {
      if (buffer.lastUse >= buffer.firstUse) {
        used.add(buffer);
      }
    }
    long regionBytes = MemoryLayout.place(used);
    return new Program(
        scope,
        preparation,
        body,
        groups,
        tensors,
        used,
        scratchMemories,
        regionBytes,
        NativeMemory.aligned(scratchBytes));
  }
}
