package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.network.LayerPlan;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Weights and biases of a layer with the batch norm after it folded in (inference): weights times
 * the norm's scale of their output channel, {@code bias scale + shift}. Computed when parameters
 * have changed.
 */
final class FoldedWeights {
  private final Weights weights;
  private final RunningNorm norm;
  private final FloatBuffer parameters;
  final Tensor values;
  final Tensor biases;
  private @Nullable FloatBuffer valuesOut;
  private @Nullable FloatBuffer biasesOut;

  /** To be made while the program is {@link ProgramBuilder#preparing}. */
  FoldedWeights(Emission e, String name, Weights weights, LayerPlan norm) {
    this.weights = weights;
    this.norm = RunningNorm.of(norm);
    this.parameters = e.parameters.parameters;
    this.values =
        e.program.tensor(e.layouts().plain(dnnl_f32, weights.dimensions), weights.dimensions);
    this.biases = e.program.tensor(e.layouts().plain(dnnl_f32, weights.outputs), weights.outputs);
    e.program.add(
        Operation.java(name + " fold batch norm", this::link, this::fold), values, biases);
  }

  private void link() {
    valuesOut = values.floats();
    biasesOut = biases.floats();
  }

  private void fold() {
    FloatBuffer out = java.util.Objects.requireNonNull(valuesOut);
    FloatBuffer biasOut = java.util.Objects.requireNonNull(biasesOut);
    int perOutput = (int) (weights.size() / weights.outputs);
    int target = 0;
    for (int output = 0; output < weights.outputs; output++) {
      double scale = norm.scale(parameters, output);
      for (int i = 0; i < perOutput; i++, target++) {
        out.put(target, (float) (parameters.get(source(target)) * scale));
      }
      double bias = !weights.hasBiases() ? 0 : parameters.get(weights.biasIndex(output));
      biasOut.put(output, (float) (bias * scale + norm.shift(parameters, output, scale)));
    }
  }

  /** Index among the flat parameters of the value at a place of the plain layout. */
  private int source(int place) {
    long index = weights.offset();
    long rest = place;
    for (int d = weights.dimensions.length - 1; d >= 0; d--) {
      long side = weights.dimensions[d];
      index += rest % side * weights.strides[d];
      rest /= side;
    }
    return (int) index;
  }
}
