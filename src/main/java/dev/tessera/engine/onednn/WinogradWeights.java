package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A convolution's weights {@code O x I x 3 x width} at the points of {@link Winograd}, {@code 6 x O
 * x I x 1 x width}, and its biases at the one point where they count once in every row; or the
 * gradients of both, on their way back. Each in the plain layout.
 */
final class WinogradWeights {
  private final Tensor kernels;
  private final @Nullable Tensor biases;
  private final Tensor points;
  private final @Nullable Tensor pointBiases;
  private final int outputs;
  private final int inputs;
  private final int width;
  private final float[] kernelRow;
  private final float[][] pointRows;
  private final float[] biasRow;
  private final float[] pointBiasRow;
  private @Nullable FloatBuffer kernelValues;
  private @Nullable FloatBuffer biasValues;
  private @Nullable FloatBuffer pointValues;
  private @Nullable FloatBuffer pointBiasValues;

  /**
   * @param biases of the outputs
   * @param pointBiases six times as many; null as {@code biases} is
   */
  private WinogradWeights(
      Tensor kernels, @Nullable Tensor biases, Tensor points, @Nullable Tensor pointBiases) {
    this.kernels = kernels;
    this.biases = biases;
    this.points = points;
    this.pointBiases = pointBiases;
    this.outputs = (int) kernels.dimensions[0];
    this.inputs = (int) kernels.dimensions[1];
    this.width = (int) kernels.dimensions[3];
    this.kernelRow = new float[inputs * Winograd.TAPS * width];
    this.pointRows = new float[Winograd.POINTS][inputs * width];
    this.biasRow = new float[outputs];
    this.pointBiasRow = new float[Winograd.POINTS * outputs];
  }

  /** GOIHW of the weights at the points, whose groups they are. */
  static long[] dimensions(long[] kernels) {
    return new long[] {Winograd.POINTS, kernels[0], kernels[1], 1, kernels[3]};
  }

  /** A place for the biases at all points. */
  static Tensor pointBiases(Emission e, int outputs) {
    int count = Winograd.POINTS * outputs;
    return e.program.tensor(e.layouts().plain(dnnl_f32, count), count);
  }

  /** Adds the weights at the points: every step, in inference once after parameters changed. */
  static WeightTensors emit(Emission e, String name, WeightTensors kernels) {
    if (e.training) {
      return toPoints(e, name, kernels);
    }
    WeightTensors[] made = new WeightTensors[1];
    e.program.preparing(() -> made[0] = toPoints(e, name, kernels));
    return made[0];
  }

  private static WeightTensors toPoints(Emission e, String name, WeightTensors from) {
    Tensor kernels = from.plain();
    long[] dimensions = dimensions(kernels.dimensions);
    Tensor points = e.program.tensor(e.layouts().plain(dnnl_f32, dimensions), dimensions);
    @Nullable Tensor pointBiases =
        from.biases() == null ? null : pointBiases(e, (int) kernels.dimensions[0]);
    WinogradWeights made = new WinogradWeights(kernels, from.biases(), points, pointBiases);
    made.add(e, Operation.java(name + " weights to points", made::link, made::toPoints));
    return new WeightTensors(e, name, points, pointBiases);
  }

  /** Adds the way of the points' gradients to those of weights and biases. */
  static void emitGradient(
      Emission e,
      String name,
      Tensor points,
      @Nullable Tensor pointBiases,
      Tensor kernels,
      @Nullable Tensor biases) {
    WinogradWeights made = new WinogradWeights(kernels, biases, points, pointBiases);
    made.add(e, Operation.java(name + " weights gradient", made::link, made::gradient));
  }

  private void add(Emission e, Operation operation) {
    List<Tensor> used = new ArrayList<>(List.of(kernels, points));
    if (biases != null && pointBiases != null) {
      used.add(biases);
      used.add(pointBiases);
    }
    e.program.add(operation, used.toArray(new Tensor[0]));
  }

  private void link() {
    kernelValues = kernels.floats();
    pointValues = points.floats();
    biasValues = biases == null ? null : biases.floats();
    pointBiasValues = pointBiases == null ? null : pointBiases.floats();
  }

  private void toPoints() {
    FloatBuffer from = Objects.requireNonNull(kernelValues);
    FloatBuffer to = Objects.requireNonNull(pointValues);
    for (int output = 0; output < outputs; output++) {
      from.get(output * kernelRow.length, kernelRow);
      Winograd.kernelPoints(kernelRow, pointRows, inputs, width);
      for (int point = 0; point < Winograd.POINTS; point++) {
        to.put(rowAt(point, output), pointRows[point]);
      }
    }
    if (biasValues != null && pointBiasValues != null) {
      // What is not at the point of biases stays 0.
      biasValues.get(0, pointBiasRow, Winograd.POINT_OF_BIAS * outputs, outputs);
      pointBiasValues.put(0, pointBiasRow);
    }
  }

  private void gradient() {
    FloatBuffer from = Objects.requireNonNull(pointValues);
    FloatBuffer to = Objects.requireNonNull(kernelValues);
    for (int output = 0; output < outputs; output++) {
      for (int point = 0; point < Winograd.POINTS; point++) {
        from.get(rowAt(point, output), pointRows[point]);
      }
      Winograd.kernelGradients(pointRows, kernelRow, inputs, width);
      to.put(output * kernelRow.length, kernelRow);
    }
    if (biasValues != null && pointBiasValues != null) {
      pointBiasValues.get(Winograd.POINT_OF_BIAS * outputs, biasRow);
      biasValues.put(0, biasRow);
    }
  }

  private int rowAt(int point, int output) {
    return (point * outputs + output) * inputs * width;
  }
}
