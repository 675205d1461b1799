package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.network.LayerPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer's weights and biases as tensors straight over the flat parameters, and the same of their
 * gradients.
 *
 * @param dimensions as oneDNN wants them: OIHW, GOIHW or OI
 * @param strides in values, as DL4J's order has them
 */
record Weights(
    long[] dimensions, long[] strides, int offset, @Nullable ParameterBlock bias, int outputs) {

  static Weights ofConvolution(LayerPlan layer, int groups) {
    List<ParameterBlock> blocks = weightBlocks(layer);
    ParameterBlock first = blocks.get(0);
    List<Integer> shape = first.shape();
    int channels = ((Shape.Image) layer.input()).channels();
    int outputs = ((Shape.Image) layer.output()).channels();
    @Nullable ParameterBlock bias = bias(layer);
    if (groups == 1) {
      long i = shape.get(1);
      long h = shape.get(2);
      long w = shape.get(3);
      return new Weights(
          new long[] {outputs, i, h, w},
          new long[] {i * h * w, h * w, w, 1},
          first.offset(),
          bias,
          outputs);
    }
    if (groups == channels) {
      // [kernel height, kernel width, channels, multiplier]
      long h = shape.get(0);
      long w = shape.get(1);
      long multiplier = shape.get(3);
      long pixel = channels * multiplier;
      return new Weights(
          new long[] {groups, multiplier, 1, h, w},
          new long[] {multiplier, 1, 1, w * pixel, pixel},
          first.offset(),
          bias,
          outputs);
    }
    long o = shape.get(0);
    long i = shape.get(1);
    long h = shape.get(2);
    long w = shape.get(3);
    // With biases, each group's lie between its weights and those of the group before.
    long group = blocks.get(1).offset() - first.offset();
    return new Weights(
        new long[] {groups, o, i, h, w},
        new long[] {group, i * h * w, h * w, w, 1},
        first.offset(),
        bias,
        outputs);
  }

  /** Weights [inputs, units] in f order: in memory, unit by unit. {@code source} is NC or NCHW. */
  static Weights ofDense(LayerPlan layer, long[] source) {
    ParameterBlock block = weightBlocks(layer).get(0);
    long[] dimensions = source.clone();
    dimensions[0] = layer.output().size();
    long[] strides = new long[dimensions.length];
    long stride = 1;
    for (int i = dimensions.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dimensions[i];
    }
    return new Weights(
        dimensions, strides, block.offset(), bias(layer), (int) dimensions[0]);
  }

  private static List<ParameterBlock> weightBlocks(LayerPlan layer) {
    return layer.parameters().stream().filter(b -> b.role() == ParameterRole.WEIGHT).toList();
  }

  private static @Nullable ParameterBlock bias(LayerPlan layer) {
    return layer.parameters().stream()
        .filter(b -> b.role() == ParameterRole.BIAS)
        .findFirst()
        .orElse(null);
  }

  /** Index among the flat parameters of an output's bias. There is one. */
  int biasIndex(int output) {
    return java.util.Objects.requireNonNull(bias).offset() + output;
  }

  long size() {
    return Emission.product(dimensions);
  }

  Tensor values(Emission e) {
    return over(e, e.parameters.buffer);
  }

  Tensor gradient(Emission e) {
    return over(e, e.parameters.gradientBuffer);
  }

  private Tensor over(Emission e, Buffer buffer) {
    return e.program.over(
        buffer,
        (long) offset * Float.BYTES,
        e.layouts().strided(dnnl_f32, dimensions, strides),
        dimensions);
  }

  /** Null without biases. */
  @Nullable Tensor biasValues(Emission e) {
    return bias == null ? null : vector(e, e.parameters.buffer, bias);
  }

  @Nullable Tensor biasGradient(Emission e) {
    return bias == null ? null : vector(e, e.parameters.gradientBuffer, bias);
  }

  static Tensor vector(Emission e, Buffer buffer, ParameterBlock block) {
    return e.program.over(
        buffer,
        (long) block.offset() * Float.BYTES,
        e.layouts().plain(dnnl_f32, block.size()),
        block.size());
  }
}
