package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import dev.tessera.network.PoolingKind;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/** Pooling by windows or over the whole picture; what lies beyond the border does not count. */
final class PoolingStage {
  private final Emission e;
  private final String name;
  private final Value in;
  private final SlidingWindow window;
  private final int algorithm;
  private final long[] resultDimensions;
  private @Nullable Tensor workspace;

  /**
   * @param resultDimensions NCHW
   */
  PoolingStage(
      Emission e,
      String name,
      Value in,
      PoolingKind function,
      SlidingWindow window,
      long[] resultDimensions) {
    this.e = e;
    this.name = name;
    this.in = in;
    this.window = window;
    this.algorithm =
        function == PoolingKind.MAX ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding;
    this.resultDimensions = resultDimensions;
  }

  private dnnl_primitive_desc forwardDescription(
      dnnl_memory_desc result, dnnl_primitive_attr attributes) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_pooling_forward_primitive_desc_create(
            description,
            OneDnn.engine(),
            e.propagation(),
            algorithm,
            in.tensor.layout,
            result,
            window.stride,
            window.size,
            window.dilation,
            window.before,
            window.after,
            attributes),
        "make " + name);
    return description;
  }

  Tensor forward(FusedOperations fused) {
    dnnl_memory_desc any = e.any(resultDimensions);
    dnnl_primitive_desc description =
        fused.describe(attributes -> forwardDescription(any, attributes));
    Tensor to = e.program.tensor(description, DNNL_ARG_DST, resultDimensions);
    Arguments arguments = Arguments.of(DNNL_ARG_SRC, in.tensor).and(DNNL_ARG_DST, to);
    dnnl_memory_desc which = ProgramBuilder.wanted(description, DNNL_ARG_WORKSPACE);
    if (e.training && dnnl_memory_desc_get_size(which) > 0) {
      workspace = e.program.tensor(which, resultDimensions);
      arguments.and(DNNL_ARG_WORKSPACE, workspace);
    }
    e.program.add(name + " forward", description, fused.addTo(arguments));
    fused.finish(to, name);
    return to;
  }

  void backward(Value out) {
    boolean masks = in.maskedByReader;
    Tensor after =
        masks
            ? Activations.backward(e, name, dev.tessera.network.Activation.RELU, out.tensor, out)
            : out.gradient();
    dnnl_primitive_desc hint = forwardDescription(out.tensor.layout, e.program.plain());
    e.program.scope.own(hint);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_pooling_backward_primitive_desc_create(
            description,
            OneDnn.engine(),
            algorithm,
            in.tensor.layout,
            out.tensor.layout,
            window.stride,
            window.size,
            window.dilation,
            window.before,
            window.after,
            hint,
            e.program.plain()),
        "make the gradient of " + name);
    Tensor before = e.program.tensor(description, DNNL_ARG_DIFF_SRC, in.tensor.dimensions);
    Arguments arguments =
        Arguments.of(
                DNNL_ARG_DIFF_DST,
                e.program.as(after, description, DNNL_ARG_DIFF_DST, name + " gradient"))
            .and(DNNL_ARG_DIFF_SRC, before);
    if (workspace != null) {
      arguments.and(DNNL_ARG_WORKSPACE, workspace);
    }
    e.program.add(name + " backward", description, arguments);
    e.contribute(in, before, true, name);
  }
}
