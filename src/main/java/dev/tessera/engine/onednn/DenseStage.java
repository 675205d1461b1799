package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_data_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_weights_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_forward_primitive_desc_create;

import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/**
 * A dense layer's primitives. Right after flatten or global pooling it reads the pictures as they
 * are, in whatever layout, unless oneDNN has better code for rows of values (arm64 with SVE): its
 * weights are channel by channel, like DL4J's.
 */
final class DenseStage implements WeightedStage {
  private final Emission e;
  private final String name;
  private final Value in;

  /** The input, as pictures or rows. */
  private final Tensor source;

  private final Weights weights;
  private final dnnl_memory_desc anyWeights;
  private final @Nullable dnnl_memory_desc biasLayout;
  private final long[] resultDimensions;

  /** The output's values before softmax or sigmoid are floats in either precision. */
  private final dnnl_memory_desc result;

  /** Of the forward pass, for the backward one. */
  private @Nullable WeightTensors used;

  private DenseStage(Emission e, Stage stage, Value in, Tensor source, boolean output) {
    this.e = e;
    this.name = stage.layer().name();
    this.in = in;
    this.source = source;
    this.weights = Weights.ofDense(stage.layer(), source.dimensions);
    this.anyWeights = e.any(weights.dimensions);
    this.resultDimensions = e.dimensions(stage.layer().output());
    this.result = e.layouts().plain(output ? dnnl_f32 : e.type, resultDimensions);
    this.biasLayout =
        StageParts.hasBiases(stage, weights) ? e.layouts().plain(dnnl_f32, weights.outputs) : null;
  }

  /**
   * @param output whether it is the network's last layer
   */
  static DenseStage of(Emission e, Stage stage, Value in, boolean output) {
    DenseStage asItIs = new DenseStage(e, stage, in, in.tensor, output);
    long[] rows = {e.batch, in.shape.size()};
    if (in.tensor.dimensions.length == rows.length || asItIs.slowness() == 0) {
      return asItIs;
    }
    Tensor probe = e.program.tensor(e.layouts().plain(e.type, rows), rows);
    if (new DenseStage(e, stage, in, probe, output).slowness() >= asItIs.slowness()) {
      return asItIs;
    }
    Tensor flat = e.flat(in, asItIs.name + " input");
    return new DenseStage(e, stage, in, flat, output);
  }

  private int slowness() {
    dnnl_primitive_desc description = forwardDescription(e.program.plain());
    e.program.scope.own(description);
    return Implementation.slowness(description);
  }

  private dnnl_primitive_desc forwardDescription(dnnl_primitive_attr attributes) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_inner_product_forward_primitive_desc_create(
            description,
            OneDnn.engine(),
            e.propagation(),
            source.layout,
            anyWeights,
            biasLayout,
            result,
            attributes),
        "make " + name);
    return description;
  }

  @Override
  public Tensor forward(WeightTensors values, FusedOperations fused) {
    used = values;
    dnnl_primitive_desc description = fused.describe(this::forwardDescription);
    Tensor to = e.program.tensor(result, resultDimensions);
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, source)
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
    dnnl_primitive_desc hint = forwardDescription(e.program.plain());
    e.program.scope.own(hint);
    dnnl_memory_desc after = e.layouts().plain(e.type, resultDimensions);
    Tensor of = e.program.as(gradient, after, name + " gradient");
    weightGradient(of, hint);
    if (in.wantsGradient) {
      inputGradient(of, hint);
    }
  }

  private void weightGradient(Tensor gradient, dnnl_primitive_desc hint) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_inner_product_backward_weights_primitive_desc_create(
            description,
            OneDnn.engine(),
            source.layout,
            e.layouts().any(dnnl_f32, weights.dimensions),
            biasLayout,
            gradient.layout,
            hint,
            e.program.plain()),
        "make the gradient of the weights of " + name);
    StageParts.weightGradient(
        e,
        name,
        weights,
        description,
        Arguments.of(DNNL_ARG_SRC, source).and(DNNL_ARG_DIFF_DST, gradient),
        DNNL_ARG_DIFF_WEIGHTS,
        DNNL_ARG_DIFF_BIAS);
  }

  private void inputGradient(Tensor gradient, dnnl_primitive_desc hint) {
    WeightTensors values = Objects.requireNonNull(used);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_inner_product_backward_data_primitive_desc_create(
            description,
            OneDnn.engine(),
            source.layout,
            anyWeights,
            gradient.layout,
            hint,
            e.program.plain()),
        "make the gradient of the input of " + name);
    Tensor before = e.program.tensor(description, DNNL_ARG_DIFF_SRC, source.dimensions);
    e.program.add(
        name + " backward data",
        description,
        Arguments.of(DNNL_ARG_DIFF_DST, gradient)
            .and(DNNL_ARG_WEIGHTS, values.weights(description, DNNL_ARG_WEIGHTS))
            .and(DNNL_ARG_DIFF_SRC, before));
    boolean rows = source.dimensions.length < in.tensor.dimensions.length;
    e.contribute(in, rows ? e.unflat(in, before, name) : before, true, name);
  }

  @Override
  public Weights weights() {
    return weights;
  }
}
