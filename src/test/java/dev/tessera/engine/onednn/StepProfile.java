package dev.tessera.engine.onednn;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Prints where the time of a step goes, operation by operation. Called by {@code scripts/bench}.
 */
public final class StepProfile {
  private StepProfile() {}

  /** Arguments: network, side, channels, minibatch, precision, train or infer. */
  public static void main(String[] arguments) {
    int side = Integer.parseInt(arguments[1]);
    int channels = Integer.parseInt(arguments[2]);
    int batch = Integer.parseInt(arguments[3]);
    Precision precision = Precision.valueOf(arguments[4].toUpperCase(Locale.ROOT));
    boolean training = arguments[5].equals("train");
    NetworkPlan plan =
        NamedNetworks.named(arguments[0]).compile(new Shape.Image(side, side, channels), 10);
    Workload workload =
        new Workload(
            plan,
            PixelScaling.unit(channels),
            Objective.PLAIN,
            new Updater.Nesterov(0.9),
            Regularisation.NONE,
            GradientClipping.NONE,
            batch);
    Minibatch minibatch = EngineCase.minibatch(plan.input(), 10, batch, 1);
    try (OneDnnReplica replica = new OneDnnReplica(workload, precision, new OpenMpThreads(1))) {
      replica.load(workload.initialState(1));
      int steps = 15;
      Map<String, double[]> spent = new LinkedHashMap<>();
      for (int i = -5; i < steps; i++) {
        int at = i;
        if (training) {
          replica.step(minibatch, new StepSettings(0.02, 0, 1));
        } else {
          replica.infer(minibatch, new float[batch * 10]);
        }
        replica.run(
            training,
            operation -> {
              long began = System.nanoTime();
              operation.run();
              add(spent, operation.name(), operation.implementation(), steps, at, began);
            });
        if (training) {
          long began = System.nanoTime();
          replica.update(new StepSettings(0.02, 0, 1));
          add(spent, "update", "java", steps, at, began);
        }
      }
      double total = 0;
      for (Map.Entry<String, double[]> each : spent.entrySet()) {
        double[] millis = each.getValue();
        Arrays.sort(millis);
        double median = millis[steps / 2];
        total += median;
        System.out.printf(Locale.ROOT, "%8.3f ms  %s%n", median, each.getKey());
      }
      System.out.printf(Locale.ROOT, "%8.3f ms in all, %,d bytes%n", total, replica.nativeBytes());
    }
  }

  /** Pieces and groups of a minibatch have one name. */
  private static void add(
      Map<String, double[]> spent, String name, String how, int steps, int step, long began) {
    double millis = (System.nanoTime() - began) / 1e6;
    if (step >= 0) {
      String line = String.format(Locale.ROOT, "%-40s %s", name, how);
      spent.computeIfAbsent(line, any -> new double[steps])[step] += millis;
    }
  }
}
