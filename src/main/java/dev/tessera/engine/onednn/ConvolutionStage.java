package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import dev.tessera.network.Convolution;
import dev.tessera.network.Shape;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/** A convolution's primitives: forward, gradient of the weights, gradient of the input. */
final class ConvolutionStage implements WeightedStage {
  private final Emission e;
  private final String name;
  private final Value in;
  private final Weights weights;
  private final ConvolutionPrimitives primitives;
  private final long[] resultDimensions;

  /** Of the forward pass, for the backward one. */
  private @Nullable WeightTensors used;

  private ConvolutionStage(Emission e, Stage stage, Value in) {
    this.e = e;
    this.name = stage.layer().name();
    this.in = in;
    this.weights = Weights.ofConvolution(stage.layer());
    this.resultDimensions = e.dimensions(stage.layer().output());
    Convolution layer = (Convolution) stage.layer().spec();
    this.primitives =
        new ConvolutionPrimitives(
            e,
            name,
            e.any(in.tensor.dimensions),
            weights.dimensions,
            StageParts.hasBiases(stage, weights) ? weights.outputs : 0,
            e.any(resultDimensions),
            SlidingWindow.of(layer, (Shape.Image) stage.layer().input()));
  }

  /** By half of the multiplications where that is faster. */
  static WeightedStage of(Emission e, Stage stage, Value in) {
    WeightedStage fewer = WinogradStage.of(e, stage, in);
    return fewer == null ? new ConvolutionStage(e, stage, in) : fewer;
  }

  @Override
  public Tensor forward(WeightTensors values, FusedOperations fused) {
    used = values;
    dnnl_primitive_desc description = fused.describe(primitives::forward);
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

  @Override
  public void backward(Tensor gradient) {
    dnnl_primitive_desc hint = primitives.forward(e.program.plain());
    e.program.scope.own(hint);
    weightGradient(gradient, hint);
    if (in.wantsGradient) {
      inputGradient(gradient, hint);
    }
  }

  private void weightGradient(Tensor gradient, dnnl_primitive_desc hint) {
    dnnl_primitive_desc description = primitives.weightGradient(hint);
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

  private void inputGradient(Tensor gradient, dnnl_primitive_desc hint) {
    WeightTensors values = Objects.requireNonNull(used);
    dnnl_primitive_desc description = primitives.inputGradient(hint);
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

  @Override
  public Weights weights() {
    return weights;
  }
}
