package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.network.Convolution;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a layer's weights and biases lie among the flat parameters, and likewise their gradients
 * among the flat gradients, as tensors straight over them.
 */
final class Weights {
  /** As oneDNN wants them: OIHW, GOIHW, OI, or OCHW for a dense layer that reads pictures. */
  final long[] dimensions;

  /** In values, as DL4J's order has them. */
  final long[] strides;

  final int outputs;
  private final int offset;
  private final List<ParameterBlock> biases;

  private Weights(long[] dimensions, long[] strides, LayerPlan layer, int outputs) {
    this.dimensions = dimensions;
    this.strides = strides;
    this.outputs = outputs;
    this.offset = ofRole(layer, ParameterRole.WEIGHT).get(0).offset();
    this.biases = ofRole(layer, ParameterRole.BIAS);
  }

  static Weights ofConvolution(LayerPlan layer) {
    Convolution convolution = (Convolution) layer.spec();
    List<ParameterBlock> blocks = ofRole(layer, ParameterRole.WEIGHT);
    List<Integer> shape = blocks.get(0).shape();
    int channels = ((Shape.Image) layer.input()).channels();
    int outputs = ((Shape.Image) layer.output()).channels();
    long first = shape.get(0);
    long second = shape.get(1);
    long third = shape.get(2);
    long fourth = shape.get(3);
    if (convolution.depthwise(layer.input())) {
      // [kernel height, kernel width, channels, multiplier]
      long pixel = channels * fourth;
      return new Weights(
          new long[] {channels, fourth, 1, first, second},
          new long[] {fourth, 1, 1, second * pixel, pixel},
          layer,
          outputs);
    }
    if (blocks.size() == 1) {
      return new Weights(
          new long[] {first, second, third, fourth},
          new long[] {second * third * fourth, third * fourth, fourth, 1},
          layer,
          outputs);
    }
    // With biases, each group's lie between its weights and those of the group before.
    long group = (long) blocks.get(1).offset() - blocks.get(0).offset();
    return new Weights(
        new long[] {blocks.size(), first, second, third, fourth},
        new long[] {group, second * third * fourth, third * fourth, fourth, 1},
        layer,
        outputs);
  }

  /** Weights [inputs, units] in f order: in memory, unit by unit. {@code source} is NC or NCHW. */
  static Weights ofDense(LayerPlan layer, long[] source) {
    long[] dimensions = source.clone();
    dimensions[0] = layer.output().size();
    long[] strides = new long[dimensions.length];
    long stride = 1;
    for (int i = dimensions.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dimensions[i];
    }
    return new Weights(dimensions, strides, layer, layer.output().size());
  }

  private static List<ParameterBlock> ofRole(LayerPlan layer, ParameterRole role) {
    return layer.parameters().stream().filter(block -> block.role() == role).toList();
  }

  boolean hasBiases() {
    return !biases.isEmpty();
  }

  /** Index among the flat parameters of an output's bias. There are biases. */
  int biasIndex(int output) {
    int perGroup = outputs / biases.size();
    return biases.get(output / perGroup).offset() + output % perGroup;
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

  /** Null without biases. Those of several groups lie apart and are copied together. */
  @Nullable Tensor biasValues(Emission e, String name) {
    if (biases.size() <= 1) {
      return biases.isEmpty() ? null : vector(e, e.parameters.buffer, biases.get(0));
    }
    Tensor together = together(e);
    e.program.copy(apart(e, e.parameters.buffer), together, name + " biases");
    return e.program.view(together, 0, e.layouts().plain(dnnl_f32, outputs), outputs);
  }

  /**
   * Where a primitive may write the biases' gradient. What it wrote is to be handed to {@link
   * #finishBiasGradient}. Null without biases.
   */
  @Nullable Tensor biasGradient(Emission e) {
    if (biases.size() <= 1) {
      return biases.isEmpty() ? null : vector(e, e.parameters.gradientBuffer, biases.get(0));
    }
    return e.program.tensor(e.layouts().plain(dnnl_f32, outputs), outputs);
  }

  void finishBiasGradient(Emission e, Tensor written, String name) {
    if (biases.size() > 1) {
      long[] groups = {biases.size(), outputs / biases.size()};
      Tensor rows = e.program.view(written, 0, e.layouts().plain(dnnl_f32, groups), groups);
      e.program.copy(rows, apart(e, e.parameters.gradientBuffer), name + " bias gradient");
    }
  }

  private Tensor together(Emission e) {
    long[] groups = {biases.size(), outputs / biases.size()};
    return e.program.tensor(e.layouts().plain(dnnl_f32, groups), groups);
  }

  private Tensor apart(Emission e, Buffer buffer) {
    long[] groups = {biases.size(), outputs / biases.size()};
    long[] groupStrides = {biases.get(1).offset() - (long) biases.get(0).offset(), 1};
    return e.program.over(
        buffer,
        (long) biases.get(0).offset() * Float.BYTES,
        e.layouts().strided(dnnl_f32, groups, groupStrides),
        groups);
  }

  static Tensor vector(Emission e, Buffer buffer, ParameterBlock block) {
    return e.program.over(
        buffer,
        (long) block.offset() * Float.BYTES,
        e.layouts().plain(dnnl_f32, block.size()),
        block.size());
  }
}
