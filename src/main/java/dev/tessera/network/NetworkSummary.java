package dev.tessera.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The table that Keras prints: layer with its settings, output shape, parameters; then total,
 * trainable, non-trainable. A network with branches has a column that names the layers each takes
 * if that is not just the one before.
 */
public final class NetworkSummary {
  private static final int SHAPE_WIDTH = 20;
  private static final int NUMBER_WIDTH = 14;

  private NetworkSummary() {}

  /** Lines end with a newline; numbers have thousands separators. */
  public static String of(NetworkPlan plan) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Layer", "Output shape", "Parameters", "From"));
    for (LayerPlan layer : plan.layers()) {
      rows.add(
          List.of(
              named(layer) + layer.spec().accept(new Settings(layer)),
              layer.output().toString(),
              number(layer.parameterCount()),
              from(plan, layer)));
    }
    int width = width(rows, 0);
    int fromWidth = plan.branches() ? width(rows, 3) : 0;
    String rule =
        "-".repeat(width + SHAPE_WIDTH + NUMBER_WIDTH + 4 + (fromWidth > 0 ? fromWidth + 2 : 0))
            + "\n";
    StringBuilder text = new StringBuilder();
    text.append("Network ").append(plan.name()).append(": input ").append(plan.input());
    text.append(" (height x width x channels), ").append(plan.classes()).append(" classes\n");
    text.append(rule).append(row(width, rows.get(0), plan.branches())).append(rule);
    rows.subList(1, rows.size()).forEach(row -> text.append(row(width, row, plan.branches())));
    int total = plan.parameterCount();
    int trainable = plan.trainableCount();
    text.append(rule);
    text.append("Total parameters:         ").append(total(total)).append('\n');
    text.append("Trainable parameters:     ").append(total(trainable)).append('\n');
    text.append("Non-trainable parameters: ").append(total(total - trainable)).append('\n');
    return text.toString();
  }

  /** A name that the job has given says nothing of what the layer is. */
  private static String named(LayerPlan layer) {
    String kind = layer.spec().kind();
    return layer.name().matches(kind + "[0-9]+") ? layer.name() : layer.name() + ": " + kind;
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  /** Names of the layers it takes, or nothing if that is the one before alone. */
  private static String from(NetworkPlan plan, LayerPlan layer) {
    if (layer.sources().equals(List.of(layer.index() - 1))) {
      return "";
    }
    return layer.sources().stream()
        .map(
            source ->
                source == LayerPlan.NETWORK_INPUT
                    ? NodeSpec.NETWORK_INPUT
                    : plan.layers().get(source).name())
        .collect(Collectors.joining(", "));
  }

  private static String row(int width, List<String> cells, boolean branches) {
    String columns = "%-" + width + "s  %-" + SHAPE_WIDTH + "s  %" + NUMBER_WIDTH + "s";
    String row = String.format(Locale.ROOT, columns, cells.get(0), cells.get(1), cells.get(2));
    return branches ? (row + "  " + cells.get(3)).stripTrailing() + "\n" : row + "\n";
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** With its size as 32-bit floats: {@code 158,122 (632.49 kB)}. */
  private static String total(int parameters) {
    long bytes = (long) parameters * Float.BYTES;
    String size =
        bytes < 1_000
            ? bytes + " bytes"
            : bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.2f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.2f MB", bytes / 1e6);
    return String.format(Locale.ROOT, "%13s (%s)", number(parameters), size);
  }

  /** What tells layers of a kind apart, in brackets; defaults are left out. */
  private static final class Settings implements LayerSpec.Visitor<String> {
    private final LayerPlan plan;

    Settings(LayerPlan plan) {
      this.plan = plan;
    }

    @Override
    public String convolution(Convolution layer) {
      return " ("
          + layer.filters()
          + " of "
          + layer.kernel()
          + ", "
          + name(layer.padding())
          + (layer.stride().equals(Extent.ONE) ? "" : ", stride " + layer.stride())
          + (layer.dilation().equals(Extent.ONE) ? "" : ", dilation " + layer.dilation())
          + groups(layer)
          + ", "
          + name(layer.activation())
          + (layer.bias() ? ")" : ", no bias)");
    }

    private String groups(Convolution layer) {
      if (layer.depthwise(plan.input())) {
        return ", depthwise";
      }
      return layer.groups() == 1 ? "" : ", " + layer.groups() + " groups";
    }

    @Override
    public String pooling(Pooling layer) {
      return " ("
          + name(layer.function())
          + " "
          + layer.size()
          + (layer.stride().equals(layer.size()) ? "" : ", stride " + layer.stride())
          + (layer.padding().equals(Padding.VALID) ? ")" : ", " + name(layer.padding()) + ")");
    }

    @Override
    public String globalPooling(GlobalPooling layer) {
      return " (" + name(layer.function()) + ")";
    }

    @Override
    public String batchNorm(BatchNorm layer) {
      return layer.equals(BatchNorm.DEFAULT)
          ? ""
          : " (momentum " + layer.momentum() + ", epsilon " + layer.epsilon() + ")";
    }

    @Override
    public String dropout(Dropout layer) {
      return " (" + layer.rate() + ")";
    }

    @Override
    public String activation(ActivationLayer layer) {
      return " (" + name(layer.activation()) + ")";
    }

    @Override
    public String flatten(Flatten layer) {
      return "";
    }

    @Override
    public String dense(Dense layer) {
      return " ("
          + layer.units()
          + ", "
          + name(layer.activation())
          + (layer.bias() ? ")" : ", no bias)");
    }

    @Override
    public String zeroPadding(ZeroPadding layer) {
      return " (top "
          + layer.top()
          + ", bottom "
          + layer.bottom()
          + ", left "
          + layer.left()
          + ", right "
          + layer.right()
          + ")";
    }

    @Override
    public String add(Add layer) {
      return layer.activation() == Activation.IDENTITY ? "" : " (" + name(layer.activation()) + ")";
    }

    @Override
    public String concat(Concat layer) {
      return "";
    }

    private static String name(Padding padding) {
      return padding instanceof Padding.Explicit ? "padding " + padding : padding.toString();
    }

    private static String name(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
