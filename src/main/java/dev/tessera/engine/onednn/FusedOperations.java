package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_binary;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;

import dev.tessera.network.Activation;
import dev.tessera.network.LayerPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/** A stage's {@link PostOp}s as attributes of its primitive, with the tensors they read. */
final class FusedOperations {
  private final Emission e;
  private final dnnl_post_ops operations = new dnnl_post_ops();
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final List<Apart> apart = new ArrayList<>();
  private int count;
  private @Nullable Activation only;

  /** The primitive was made without them. */
  private boolean separate;

  /** One of the operations by itself, in place. */
  private interface Apart {
    void emit(Tensor result, String name);
  }

  private FusedOperations(Emission e) {
    this.e = e;
    OneDnn.check(dnnl_post_ops_create(operations), "list what is fused");
    e.program.scope.own(operations);
  }

  static FusedOperations none(Emission e) {
    return new FusedOperations(e);
  }

  /**
   * @param rank dimensions of the primitive's result, 2 or 4
   * @param values the tensor of an earlier layer, by its index
   */
  static FusedOperations of(
      Emission e, List<PostOp> operations, int rank, IntFunction<Tensor> values) {
    FusedOperations fused = new FusedOperations(e);
    for (PostOp operation : operations) {
      if (operation instanceof PostOp.Activate activate) {
        fused.activate(activate);
      } else if (operation instanceof PostOp.Normalise normalise) {
        fused.normalise(normalise.norm(), rank);
      } else if (operation instanceof PostOp.AddTo add) {
        fused.binary(dnnl_binary_add, values.apply(add.source()));
      }
    }
    return fused;
  }

  private void activate(PostOp.Activate operation) {
    OneDnn.check(
        dnnl_post_ops_append_eltwise(
            operations,
            Activations.algorithm(operation.activation()),
            Activations.alpha(operation.activation()),
            0),
        "fuse " + operation.activation());
    Activation activation = operation.activation();
    only = count == 0 ? activation : null;
    apart.add(
        (result, name) -> Activations.forward(e, name + " activation", activation, result, result));
    count++;
  }

  private void normalise(LayerPlan norm, int rank) {
    RunningNorm moments = RunningNorm.of(norm);
    long[] dimensions =
        rank == 4 ? new long[] {1, moments.channels(), 1, 1} : new long[] {1, moments.channels()};
    Tensor scale = e.program.tensor(e.layouts().plain(dnnl_f32, dimensions), dimensions);
    Tensor shift = e.program.tensor(e.layouts().plain(dnnl_f32, dimensions), dimensions);
    e.program.preparing(() -> moments.addScaleAndShift(e, scale, shift));
    binary(dnnl_binary_mul, scale);
    binary(dnnl_binary_add, shift);
  }

  private void binary(int algorithm, Tensor tensor) {
    OneDnn.check(
        dnnl_post_ops_append_binary(operations, algorithm, tensor.layout), "fuse a sum or product");
    only = null;
    tensors.add(tensor);
    places.add(count++);
    apart.add((result, name) -> pairwise(algorithm, result, tensor, name));
  }

  private void pairwise(int algorithm, Tensor result, Tensor tensor, String name) {
    boolean whole = Arrays.equals(tensor.dimensions, result.dimensions);
    Tensor other = whole ? e.program.as(tensor, result.layout, name + " sum") : tensor;
    e.binary(algorithm, result, other, result, name + (whole ? " sum" : " norm"));
  }

  /**
   * Adds the operations by themselves, over {@code result}, which a primitive without them has
   * made.
   */
  void apart(Tensor result, String name) {
    apart.forEach(operation -> operation.emit(result, name));
  }

  /** Adds what the primitive that made {@code result} has not taken in. */
  void finish(Tensor result, String name) {
    if (separate) {
      apart(result, name);
    }
  }

  /**
   * What a primitive is made with: everything fused, or nothing where oneDNN has better code for
   * the primitive alone. To be followed by {@link #addTo} and {@link #finish}.
   *
   * @param describe makes the primitive's description from attributes
   */
  dnnl_primitive_desc describe(Function<dnnl_primitive_attr, dnnl_primitive_desc> describe) {
    dnnl_primitive_desc fused = describe.apply(attributes());
    if (count == 0 || Implementation.slowness(fused) == 0) {
      return fused;
    }
    dnnl_primitive_desc alone = describe.apply(e.program.plain());
    boolean better = Implementation.slowness(alone) < Implementation.slowness(fused);
    e.program.scope.own(better ? fused : alone);
    separate = better;
    return better ? alone : fused;
  }

  /** Whether that function is all there is. */
  boolean isJust(Activation activation) {
    return only == activation;
  }

  /** Whether it takes functions of single values in and nothing else. */
  boolean readsNoTensor() {
    return tensors.isEmpty();
  }

  dnnl_primitive_attr attributes() {
    return count == 0 ? e.program.plain() : e.program.attributes(operations);
  }

  Arguments addTo(Arguments arguments) {
    if (separate) {
      return arguments;
    }
    for (int i = 0; i < tensors.size(); i++) {
      int index = DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (places.get(i) + 1) | DNNL_ARG_SRC_1;
      arguments.and(index, tensors.get(i));
    }
    return arguments;
  }
}
