package dev.tessera.stats;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Parameter statistics as a table for the log: one line a parameter block. */
public final class ParameterTable {
  private ParameterTable() {}

  /** Lines joined by newlines, with a heading and without a newline at the end. */
  public static String of(List<ParameterStats> stats) {
    String heading =
        String.format(
            Locale.ROOT,
            "%-30s %-18s %10s %10s %10s %10s %10s %6s %6s %10s %9s %10s",
            "parameter",
            "shape",
            "mean",
            "std",
            "min",
            "max",
            "norm",
            "zero",
            "bad",
            "|update|",
            "ratio",
            "divergence");
    return heading
        + "\n"
        + stats.stream().map(ParameterTable::line).collect(Collectors.joining("\n"));
  }

  private static String line(ParameterStats s) {
    return String.format(
        Locale.ROOT,
        "%-30s %-18s %10s %10s %10s %10s %10s %5.1f%% %5.1f%% %10s %9s %10s",
        s.layer() + "." + s.parameter(),
        s.shape().stream().map(String::valueOf).collect(Collectors.joining(" x ")),
        number(s.mean()),
        number(s.standardDeviation()),
        number(s.min()),
        number(s.max()),
        number(s.norm()),
        100 * s.zeroFraction(),
        100 * s.nonFiniteFraction(),
        number(s.updateNorm()),
        number(s.updateRatio()),
        number(s.divergence()));
  }

  private static String number(double value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size >= 1e-3 && size < 1e4 ? "%.4f" : "%.2e", value);
  }
}
