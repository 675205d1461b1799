package dev.tessera.engine.onednn;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/**
 * A layer's weights as its primitives want them: copied from the flat parameters into each layout
 * once a step, or, in inference, once after parameters have changed.
 */
final class WeightTensors {
  private final Emission e;
  private final String name;
  private final Tensor weights;
  private final @Nullable Tensor biases;

  WeightTensors(Emission e, String name, Tensor weights, @Nullable Tensor biases) {
    this.e = e;
    this.name = name;
    this.weights = weights;
    this.biases = biases;
  }

  static WeightTensors of(Emission e, String name, Weights weights) {
    if (e.training) {
      return new WeightTensors(e, name, weights.values(e), weights.biasValues(e, name));
    }
    WeightTensors[] made = new WeightTensors[1];
    e.program.preparing(
        () -> made[0] = new WeightTensors(e, name, weights.values(e), weights.biasValues(e, name)));
    return made[0];
  }

  /** As the flat parameters have them, or of that layout. Of one group. */
  Tensor plain() {
    return weights;
  }

  Tensor weights(dnnl_primitive_desc description, int argument) {
    dnnl_memory_desc layout = ProgramBuilder.wanted(description, argument);
    if (e.training) {
      return e.program.as(weights, layout, name + " weights");
    }
    Tensor[] found = new Tensor[1];
    e.program.preparing(() -> found[0] = e.program.as(weights, layout, name + " weights"));
    return found[0];
  }

  @Nullable Tensor biases() {
    return biases;
  }
}
