package dev.tessera.engine;

import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;

/** What happens to a mean gradient before the updater sees it, in double. */
final class ReferenceGradient {
  private ReferenceGradient() {}

  /** Regularises and clips the gradient in place. Returns what regularisation adds to the loss. */
  static double finish(Workload workload, double[] parameters, double[] gradient) {
    double penalty = regularise(workload, parameters, gradient);
    GradientClipping clipping = workload.clipping();
    if (clipping.value() > 0) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = Math.max(-clipping.value(), Math.min(clipping.value(), gradient[i]));
      }
    }
    double squares = 0;
    for (double value : gradient) {
      squares += value * value;
    }
    double norm = Math.sqrt(squares);
    if (clipping.norm() > 0 && norm > clipping.norm()) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= clipping.norm() / norm;
      }
    }
    return penalty;
  }

  private static double regularise(Workload workload, double[] parameters, double[] gradient) {
    double l1 = workload.regularisation().l1();
    double l2 = workload.regularisation().l2();
    double penalty = 0;
    for (ParameterBlock block : workload.network().blocks()) {
      if (block.role() == ParameterRole.WEIGHT) {
        for (int i = block.offset(); i < block.end(); i++) {
          gradient[i] += l1 * Math.signum(parameters[i]) + l2 * parameters[i];
          penalty += l1 * Math.abs(parameters[i]) + l2 / 2 * parameters[i] * parameters[i];
        }
      }
    }
    return penalty;
  }
}
