package dev.tessera.network;

import java.util.Locale;

/**
 * The table that Keras prints: layer, output shape, parameters; then total, trainable,
 * non-trainable.
 */
public final class NetworkSummary {
  private NetworkSummary() {}

  /** Lines end with a newline; numbers have thousands separators. */
  public static String of(NetworkPlan plan) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Network: %s, input %s (height x width x channels), %d classes%n",
            plan.name(),
            plan.input(),
            plan.classes()));
    String rule = "-".repeat(70) + System.lineSeparator();
    text.append(rule);
    text.append(
        String.format(
            Locale.ROOT, "%-30s %-22s %16s%n", "Layer (kind)", "Output shape", "Parameters"));
    text.append(rule);
    for (LayerPlan layer : plan.layers()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-30s %-22s %,16d%n",
              layer.name() + " (" + layer.spec().kind() + ")",
              layer.output(),
              layer.parameterCount()));
    }
    text.append(rule);
    int total = plan.parameterCount();
    int trainable = plan.trainableCount();
    text.append(
        String.format(
            Locale.ROOT, "Total parameters:         %,16d (%s)%n", total, megabytes(total)));
    text.append(String.format(Locale.ROOT, "Trainable parameters:     %,16d%n", trainable));
    text.append(String.format(Locale.ROOT, "Non-trainable parameters: %,16d%n", total - trainable));
    return text.toString();
  }

  private static String megabytes(int parameters) {
    return String.format(Locale.ROOT, "%.2f MB as float", parameters * 4.0 / 1e6);
  }
}
