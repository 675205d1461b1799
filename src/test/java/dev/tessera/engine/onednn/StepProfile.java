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
import java.util.List;
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
      List<Operation> operations = replica.operations(training);
      int steps = 15;
      double[][] millis = new double[operations.size() + 1][steps];
      for (int i = -5; i < steps; i++) {
        if (training) {
          replica.step(minibatch, new StepSettings(0.02, 0, 1));
        } else {
          replica.infer(minibatch, new float[batch * 10]);
        }
        for (int k = 0; k < operations.size(); k++) {
          long began = System.nanoTime();
          operations.get(k).run();
          if (i >= 0) {
            millis[k][i] = (System.nanoTime() - began) / 1e6;
          }
        }
        long began = System.nanoTime();
        replica.update(new StepSettings(0.02, 0, 1));
        if (i >= 0) {
          millis[operations.size()][i] = (System.nanoTime() - began) / 1e6;
        }
      }
      double total = 0;
      Map<String, Double> byName = new LinkedHashMap<>();
      for (int k = 0; k <= operations.size(); k++) {
        Arrays.sort(millis[k]);
        double median = millis[k][steps / 2];
        total += median;
        String name = k < operations.size() ? operations.get(k).name() : "update";
        String how = k < operations.size() ? operations.get(k).implementation() : "java";
        // Pieces of a minibatch have one name.
        byName.merge(String.format(Locale.ROOT, "%-40s %s", name, how), median, Double::sum);
      }
      byName.forEach(
          (what, spent) -> System.out.printf(Locale.ROOT, "%8.3f ms  %s%n", spent, what));
      System.out.printf(Locale.ROOT, "%8.3f ms in all, %,d bytes%n", total, replica.nativeBytes());
    }
  }
}
