package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_data_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_weights_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.network.Convolution;
import dev.tessera.network.Shape;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/** A convolution's primitives: forward, gradient of the weights, gradient of the input. */
final class ConvolutionStage {
  private final Emission e;
  private final String name;
  private final Value in;
  private final Weights weights;
  private final SlidingWindow window;
  private final dnnl_memory_desc source;
  private final dnnl_memory_desc result;
  private final dnnl_memory_desc anyWeights;
  private final @Nullable dnnl_memory_desc biasLayout;
  private final long[] resultDimensions;

  ConvolutionStage(Emission e, Stage stage, Value in) {
    this.e = e;
    this.name = stage.layer().name();
    this.in = in;
    Convolution layer = (Convolution) stage.layer().spec();
    this.weights = Weights.ofConvolution(stage.layer());
    this.window = SlidingWindow.of(layer, (Shape.Image) stage.layer().input());
    this.resultDimensions = e.dimensions(stage.layer().output());
    this.source = e.any(in.tensor.dimensions);
    this.result = e.any(resultDimensions);
    this.anyWeights = e.any(weights.dimensions);
    boolean folded = StageParts.foldsNorm(stage);
    this.biasLayout =
        !weights.hasBiases() && !folded ? null : e.layouts().plain(dnnl_f32, weights.outputs);
  }

  private dnnl_primitive_desc forwardDescription(dnnl_primitive_attr attributes) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_convolution_forward_primitive_desc_create(
            description,
            OneDnn.engine(),
            e.propagation(),
            dnnl_convolution_direct,
            source,
            anyWeights,
            biasLayout,
            result,
            window.stride,
            window.dilation,
            window.before,
            window.after,
            attributes),
        "make " + name);
    window.passOverWrong(description, e.training);
    return description;
  }

  /** Returns the result; adds the primitive. */
  Tensor forward(WeightTensors values, FusedOperations fused) {
    dnnl_primitive_desc description = fused.describe(this::forwardDescription);
    Tensor to = e.program.tensor(description, DNNL_ARG_DST, resultDimensions);
    Tensor from = e.program.as(in.tensor, description, DNNL_ARG_SRC, name + " input");
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, from)
            .and(DNNL_ARG_WEIGHTS, values.weights(description, DNNL_ARG_WEIGHTS))
            .and(DNNL_ARG_DST, to);
    if (values.biases() != null) {
      arguments.and(DNNL_ARG_BIAS, values.biases());
    }
    e.program.add(name + " forward", description, fused.addTo(arguments));
    fused.finish(to, name);
    return to;
  }

  /** Adds both gradients, given that of the result before its activation. */
  void backward(Tensor gradient, WeightTensors values) {
    dnnl_primitive_desc hint = forwardDescription(e.program.plain());
    e.program.scope.own(hint);
    weightGradient(gradient, hint);
    if (in.wantsGradient) {
      inputGradient(gradient, hint, values);
    }
  }

  private void weightGradient(Tensor gradient, dnnl_primitive_desc hint) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_convolution_backward_weights_primitive_desc_create(
            description,
            OneDnn.engine(),
            dnnl_convolution_direct,
            source,
            e.layouts().any(dnnl_f32, weights.dimensions),
            biasLayout,
            result,
            window.stride,
            window.dilation,
            window.before,
            window.after,
            hint,
            e.program.plain()),
        "make the gradient of the weights of " + name);
    window.passOverWrongWeightGradient(description);
    Tensor from = e.program.as(in.tensor, description, DNNL_ARG_SRC, name + " input");
    Tensor after = e.program.as(gradient, description, DNNL_ARG_DIFF_DST, name + " gradient");
    StageParts.weightGradient(
        e,
        name,
        weights,
        description,
        Arguments.of(DNNL_ARG_SRC, from).and(DNNL_ARG_DIFF_DST, after),
        DNNL_ARG_DIFF_WEIGHTS,
        DNNL_ARG_DIFF_BIAS);
  }

  private void inputGradient(Tensor gradient, dnnl_primitive_desc hint, WeightTensors values) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_convolution_backward_data_primitive_desc_create(
            description,
            OneDnn.engine(),
            dnnl_convolution_direct,
            source,
            anyWeights,
            result,
            window.stride,
            window.dilation,
            window.before,
            window.after,
            hint,
            e.program.plain()),
        "make the gradient of the input of " + name);
    Tensor after = e.program.as(gradient, description, DNNL_ARG_DIFF_DST, name + " gradient");
    Tensor before = e.program.tensor(description, DNNL_ARG_DIFF_SRC, in.tensor.dimensions);
    e.program.add(
        name + " backward data",
        description,
        Arguments.of(DNNL_ARG_DIFF_DST, after)
            .and(DNNL_ARG_WEIGHTS, values.weights(description, DNNL_ARG_WEIGHTS))
            .and(DNNL_ARG_DIFF_SRC, before));
    e.contribute(in, before, true, name);
  }

  Weights weights() {
    return weights;
  }
}
