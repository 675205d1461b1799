package dev.tessera.engine.nd4j;

import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.network.Convolution;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Regularisation, clipping and decay in place of DL4J's, on the flat arrays, for the workloads that
 * DL4J gets wrong.
 *
 * <p>DL4J clips layer by layer, and before it regularises. And it takes a depthwise convolution's
 * weights for the first of its parameters where its biases are: l1, l2 and decay of 1.0.0-M2.1 miss
 * the last weights and hit the biases.
 */
final class GradientRules {
  private final Regularisation regularisation;
  private final GradientClipping clipping;
  private final double decay;
  private final StepRate rate;
  private final List<ParameterBlock> blocks;
  private final FloatBuffer parameters;
  private final FloatBuffer gradients;

  /** Of flat arrays that hold all parameters and their gradients. */
  GradientRules(Workload workload, INDArray parameters, INDArray gradients, StepRate rate) {
    this.regularisation = workload.regularisation();
    this.clipping = workload.clipping();
    this.decay = workload.updater() instanceof Updater.AdamW adamW ? adamW.weightDecay() : 0;
    this.rate = rate;
    this.blocks =
        workload.network().blocks().stream().filter(block -> block.role().trainable()).toList();
    this.parameters = parameters.data().asNioFloat();
    this.gradients = gradients.data().asNioFloat();
  }

  /** Whether DL4J's own rules don't do for a workload. */
  static boolean needed(Workload workload) {
    return !workload.clipping().equals(GradientClipping.NONE)
        || workload.network().layers().stream().anyMatch(GradientRules::biasedDepthwise);
  }

  private static boolean biasedDepthwise(LayerPlan layer) {
    return layer.spec() instanceof Convolution convolution
        && convolution.bias()
        && convolution.depthwise(layer.input());
  }

  /** Between the division of the gradient by the examples and the updater. */
  void beforeUpdater() {
    double squares = 0;
    for (ParameterBlock block : blocks) {
      boolean weight = block.role() == ParameterRole.WEIGHT;
      for (int i = block.offset(); i < block.end(); i++) {
        double gradient = gradients.get(i);
        if (weight) {
          double value = parameters.get(i);
          gradient += regularisation.l1() * Math.signum(value) + regularisation.l2() * value;
        }
        if (clipping.value() > 0) {
          gradient = Math.max(-clipping.value(), Math.min(clipping.value(), gradient));
        }
        gradients.put(i, (float) gradient);
        squares += gradient * gradient;
      }
    }
    double norm = Math.sqrt(squares);
    if (clipping.norm() > 0 && norm > clipping.norm()) {
      scale(clipping.norm() / norm);
    }
  }

  private void scale(double factor) {
    for (ParameterBlock block : blocks) {
      for (int i = block.offset(); i < block.end(); i++) {
        gradients.put(i, (float) (gradients.get(i) * factor));
      }
    }
  }

  /** When gradients have become what will be subtracted from the parameters. */
  void afterUpdater() {
    if (decay == 0) {
      return;
    }
    double share = rate.current() * decay;
    for (ParameterBlock block : blocks) {
      if (block.role() == ParameterRole.WEIGHT) {
        for (int i = block.offset(); i < block.end(); i++) {
          gradients.put(i, (float) (gradients.get(i) + share * parameters.get(i)));
        }
      }
    }
  }
}
