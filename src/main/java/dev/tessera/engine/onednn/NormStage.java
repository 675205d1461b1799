package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fuse_norm_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.ParameterBlock;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/**
 * Batch norm, with a relu after it as part of the primitive. In training the minibatch's moments
 * (biased variance) move the running ones, which lie among the parameters.
 */
final class NormStage {
  private final Emission e;
  private final String name;
  private final BatchNorm layer;
  private final List<ParameterBlock> blocks;
  private final boolean withRelu;
  private final int flags;

  /** The input as NCHW. */
  private final Tensor from;

  private final Tensor scale;
  private final Tensor shift;
  private final Tensor mean;
  private final Tensor variance;
  private @Nullable Tensor workspace;

  NormStage(Emission e, Stage stage, Tensor from) {
    this.e = e;
    this.name = stage.layer().name();
    this.layer = (BatchNorm) stage.layer().spec();
    this.blocks = stage.layer().parameters();
    this.from = from;
    int alone = dnnl_use_scale | dnnl_use_shift | (e.training ? 0 : dnnl_use_global_stats);
    this.withRelu = stage.activation() == Activation.RELU && takesRelu(alone);
    this.flags = alone | (withRelu ? dnnl_fuse_norm_relu : 0);
    this.scale = Weights.vector(e, e.parameters.buffer, blocks.get(0));
    this.shift = Weights.vector(e, e.parameters.buffer, blocks.get(1));
    this.mean = e.training ? moments() : Weights.vector(e, e.parameters.buffer, blocks.get(2));
    this.variance = e.training ? moments() : Weights.vector(e, e.parameters.buffer, blocks.get(3));
  }

  private Tensor moments() {
    long channels = blocks.get(2).size();
    return e.program.tensor(e.layouts().plain(dnnl_f32, channels), channels);
  }

  /**
   * Whether the primitive applies the relu after it: before AVX2 oneDNN has no code for that in
   * training.
   */
  boolean withRelu() {
    return withRelu;
  }

  private boolean takesRelu(int alone) {
    int slowness = slowness(alone | dnnl_fuse_norm_relu);
    return slowness == 0 || slowness <= slowness(alone);
  }

  private int slowness(int flags) {
    dnnl_primitive_desc description = forwardDescription(flags);
    e.program.scope.own(description);
    return Implementation.slowness(description);
  }

  private dnnl_primitive_desc forwardDescription(int flags) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_batch_normalization_forward_primitive_desc_create(
            description,
            OneDnn.engine(),
            e.propagation(),
            from.layout,
            from.layout,
            (float) layer.epsilon(),
            flags,
            e.program.plain()),
        "make " + name);
    return description;
  }

  Tensor forward() {
    dnnl_primitive_desc description = forwardDescription(flags);
    Tensor to = e.program.tensor(description, DNNL_ARG_DST, from.dimensions);
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, from)
            .and(DNNL_ARG_DST, to)
            .and(DNNL_ARG_MEAN, mean)
            .and(DNNL_ARG_VARIANCE, variance)
            .and(DNNL_ARG_SCALE, scale)
            .and(DNNL_ARG_SHIFT, shift);
    dnnl_memory_desc mask = ProgramBuilder.wanted(description, DNNL_ARG_WORKSPACE);
    if (e.training && dnnl_memory_desc_get_size(mask) > 0) {
      workspace = e.program.tensor(mask, from.dimensions);
      arguments.and(DNNL_ARG_WORKSPACE, workspace);
    }
    e.program.add(name + " forward", description, arguments);
    if (e.training) {
      moveRunningMoments();
    }
    return to;
  }

  private void moveRunningMoments() {
    FloatBuffer parameters = e.parameters.parameters;
    FloatBuffer[] measured = new FloatBuffer[2];
    int meanAt = blocks.get(2).offset();
    int varianceAt = blocks.get(3).offset();
    int channels = blocks.get(2).size();
    e.program.add(
        Operation.java(
            name + " running moments",
            () -> {
              measured[0] = mean.floats();
              measured[1] = variance.floats();
            },
            () -> {
              move(parameters, meanAt, measured[0], channels);
              move(parameters, varianceAt, measured[1], channels);
            }),
        mean,
        variance);
  }

  private void move(FloatBuffer parameters, int at, FloatBuffer measured, int channels) {
    float keep = (float) layer.momentum();
    for (int c = 0; c < channels; c++) {
      parameters.put(at + c, keep * parameters.get(at + c) + (1 - keep) * measured.get(c));
    }
  }

  /** Returns the gradient of the input, owned by the caller. */
  Tensor backward(Tensor gradient, Tensor result) {
    dnnl_primitive_desc hint = forwardDescription(flags);
    e.program.scope.own(hint);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_batch_normalization_backward_primitive_desc_create(
            description,
            OneDnn.engine(),
            dnnl_backward,
            result.layout,
            result.layout,
            from.layout,
            (float) layer.epsilon(),
            flags,
            hint,
            e.program.plain()),
        "make the gradient of " + name);
    Tensor after = e.program.as(gradient, description, DNNL_ARG_DIFF_DST, name + " gradient");
    Tensor before = e.program.tensor(description, DNNL_ARG_DIFF_SRC, from.dimensions);
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, from)
            .and(DNNL_ARG_MEAN, mean)
            .and(DNNL_ARG_VARIANCE, variance)
            .and(DNNL_ARG_SCALE, scale)
            .and(DNNL_ARG_DIFF_DST, after)
            .and(DNNL_ARG_DIFF_SRC, before)
            .and(DNNL_ARG_DIFF_SCALE, Weights.vector(e, e.parameters.gradientBuffer, blocks.get(0)))
            .and(
                DNNL_ARG_DIFF_SHIFT, Weights.vector(e, e.parameters.gradientBuffer, blocks.get(1)));
    if (workspace != null) {
      arguments.and(DNNL_ARG_WORKSPACE, workspace);
    }
    e.program.add(name + " backward", description, arguments);
    return before;
  }
}
