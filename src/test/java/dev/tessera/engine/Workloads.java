package dev.tessera.engine;

import dev.tessera.image.PixelScaling;
import dev.tessera.network.NetworkPlan;

/** Workloads of a plain objective. */
public final class Workloads {
  private Workloads() {}

  public static Workload of(
      NetworkPlan network, PixelScaling scaling, Updater updater, double l2, int batchSize) {
    return new Workload(
        network,
        scaling,
        Objective.PLAIN,
        updater,
        new Regularisation(0, l2),
        GradientClipping.NONE,
        batchSize);
  }
}
