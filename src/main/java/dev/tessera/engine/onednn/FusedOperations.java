package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_binary;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;

import dev.tessera.network.LayerPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;

/** A stage's {@link PostOp}s as attributes of its primitive, with the tensors they read. */
final class FusedOperations {
  private final Emission e;
  private final dnnl_post_ops operations = new dnnl_post_ops();
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private int count;

  private FusedOperations(Emission e) {
    this.e = e;
    OneDnn.check(dnnl_post_ops_create(operations), "list what is fused");
    e.program.scope.own(operations);
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
    tensors.add(tensor);
    places.add(count++);
  }

  dnnl_primitive_attr attributes() {
    return count == 0 ? e.program.plain() : e.program.attributes(operations);
  }

  Arguments addTo(Arguments arguments) {
    for (int i = 0; i < tensors.size(); i++) {
      int index = DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (places.get(i) + 1) | DNNL_ARG_SRC_1;
      arguments.and(index, tensors.get(i));
    }
    return arguments;
  }
}
