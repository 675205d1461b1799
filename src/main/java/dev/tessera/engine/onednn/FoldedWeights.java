package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.network.LayerPlan;
import java.nio.FloatBuffer;
import java.util.Objects;
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
  private final float[] row;
  final Tensor values;
  final Tensor biases;
  private @Nullable FloatBuffer valuesOut;
  private @Nullable FloatBuffer biasesOut;

  /** To be made while the program is {@link ProgramBuilder#preparing}. */
  FoldedWeights(Emission e, String name, Weights weights, LayerPlan norm) {
    this.weights = weights;
    this.norm = RunningNorm.of(norm);
    this.parameters = e.parameters.parameters;
    this.row = new float[(int) (weights.size() / weights.outputs)];
    this.values =
        e.program.tensor(e.layouts().plain(dnnl_f32, weights.dimensions), weights.dimensions);
    this.biases = e.program.tensor(e.layouts().plain(dnnl_f32, weights.outputs), weights.outputs);
    e.program.copy(weights.values(e), values, name + " weights");
    e.program.add(
        Operation.java(name + " fold batch norm", this::link, this::fold), values, biases);
  }

  private void link() {
    valuesOut = values.floats();
    biasesOut = biases.floats();
  }

  /** The plain layout has an output's weights in one row. */
  private void fold() {
    FloatBuffer rows = Objects.requireNonNull(valuesOut);
    FloatBuffer biasOut = Objects.requireNonNull(biasesOut);
    for (int output = 0; output < weights.outputs; output++) {
      double scale = norm.scale(parameters, output);
      float factor = (float) scale;
      rows.get(output * row.length, row);
      for (int i = 0; i < row.length; i++) {
        row[i] *= factor;
      }
      rows.put(output * row.length, row);
      double bias = weights.hasBiases() ? parameters.get(weights.biasIndex(output)) : 0;
      biasOut.put(output, (float) (bias * scale + norm.shift(parameters, output, scale)));
    }
  }
}
