package dev.tessera.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** What convolution and dense stages have in common. */
final class StageParts {
  private StageParts() {}

  /** Whether a batch norm follows the layer directly, so that its weights can take it in. */
  static boolean foldsNorm(Stage stage) {
    return !stage.after().isEmpty() && stage.after().get(0) instanceof PostOp.Normalise;
  }

  /** Of the layer, or of the batch norm that its weights take in. */
  static boolean hasBiases(Stage stage, Weights weights) {
    return weights.hasBiases() || foldsNorm(stage);
  }

  /** The operations after the layer that its weights have not taken in. */
  static List<PostOp> unfolded(Stage stage) {
    return foldsNorm(stage) ? stage.after().subList(1, stage.after().size()) : stage.after();
  }

  static WeightTensors weights(Emission e, Stage stage, Weights weights) {
    String name = stage.layer().name();
    if (!foldsNorm(stage)) {
      return WeightTensors.of(e, name, weights);
    }
    PostOp.Normalise norm = (PostOp.Normalise) stage.after().get(0);
    FoldedWeights[] folded = new FoldedWeights[1];
    e.program.preparing(() -> folded[0] = new FoldedWeights(e, name, weights, norm.norm()));
    return new WeightTensors(e, name, folded[0].values, folded[0].biases);
  }

  /** Adds the primitive of a weights' gradient, which ends in the flat gradients. */
  static void weightGradient(
      Emission e,
      String name,
      Weights weights,
      dnnl_primitive_desc description,
      Arguments arguments,
      int weightArgument,
      int biasArgument) {
    Tensor place = weights.gradient(e);
    dnnl_memory_desc wanted = ProgramBuilder.wanted(description, weightArgument);
    Tensor into = place.hasLayout(wanted) ? place : e.program.tensor(wanted, weights.dimensions);
    arguments.and(weightArgument, into);
    Tensor bias = weights.biasGradient(e);
    if (bias != null) {
      arguments.and(biasArgument, bias);
    }
    e.program.add(name + " backward weights", description, arguments);
    if (bias != null) {
      weights.finishBiasGradient(e, bias, name);
    }
    if (into != place) {
      e.program.copy(into, place, name + " weights gradient");
    }
  }
}
