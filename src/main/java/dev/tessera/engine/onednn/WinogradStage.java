package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.network.Activation;
import dev.tessera.network.Convolution;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of three rows in float by half of the multiplications ({@link Winograd}): the
 * picture's rows to points, one convolution in six groups whose kernels have one row, and the
 * products to the result's rows; going back, the same the other way round.
 *
 * <p>Errors of rounding are a few times those of the direct sum, since terms up to ten times as
 * large cancel out.
 */
final class WinogradStage implements WeightedStage {
  private final Emission e;
  private final String name;
  private final Value in;
  private final Weights weights;
  private final boolean hasBiases;

  /** Rows of zeros above the picture. */
  private final int above;

  private final long[] resultDimensions;
  private final long[] inputPoints;
  private final long[] resultPoints;
  private final dnnl_memory_desc inputLayout;
  private final dnnl_memory_desc resultLayout;
  private final ConvolutionPrimitives primitives;

  /** The input at the points, which the gradient of the weights reads again. */
  private @Nullable Tensor atPoints;

  private @Nullable WeightTensors weightsAtPoints;

  private WinogradStage(Emission e, Stage stage, Value in) {
    this.e = e;
    this.name = stage.layer().name();
    this.in = in;
    this.weights = Weights.ofConvolution(stage.layer());
    this.hasBiases = StageParts.hasBiases(stage, weights);
    Shape.Image image = (Shape.Image) stage.layer().input();
    SlidingWindow window = SlidingWindow.of((Convolution) stage.layer().spec(), image);
    this.above = (int) window.before[0];
    this.resultDimensions = e.dimensions(stage.layer().output());
    int tiles = Winograd.tiles((int) resultDimensions[2]);
    this.inputPoints = points(in.tensor.dimensions, tiles);
    this.resultPoints = points(resultDimensions, tiles);
    this.inputLayout = e.layouts().blocked(dnnl_f32, inputPoints);
    this.resultLayout = e.layouts().blocked(dnnl_f32, resultPoints);
    this.primitives =
        new ConvolutionPrimitives(
            e,
            name,
            inputLayout,
            WinogradWeights.dimensions(weights.dimensions),
            hasBiases ? Winograd.POINTS * weights.outputs : 0,
            resultLayout,
            window.ofOneRow(tiles));
  }

  private static long[] points(long[] picture, int tiles) {
    return new long[] {picture[0], Winograd.POINTS * picture[1], tiles, picture[3]};
  }

  /** Null where the direct convolution is faster, or oneDNN has no fast code for the groups. */
  static @Nullable WinogradStage of(Emission e, Stage stage, Value in) {
    if (e.type != dnnl_f32 || !WinogradChoice.pays(stage.layer(), e.batch, e.threads, e.training)) {
      return null;
    }
    boolean wholeBlocks =
        in.tensor.dimensions[1] % Layouts.block() == 0
            && ((Shape.Image) stage.layer().output()).channels() % Layouts.block() == 0;
    WinogradStage made = wholeBlocks ? new WinogradStage(e, stage, in) : null;
    return made != null && made.isFast() ? made : null;
  }

  private boolean isFast() {
    try {
      return descriptions().stream()
          .map(Implementation::name)
          .allMatch(name -> name.startsWith("jit:avx2") || name.startsWith("jit:avx512"));
    } catch (OneDnn.UnsupportedPrimitiveException none) {
      return false;
    }
  }

  private List<dnnl_primitive_desc> descriptions() {
    List<dnnl_primitive_desc> all = new ArrayList<>();
    dnnl_primitive_desc forward = e.program.scope.own(primitives.forward(e.program.plain()));
    all.add(forward);
    if (e.training) {
      all.add(e.program.scope.own(primitives.weightGradient(forward)));
      if (in.wantsGradient) {
        all.add(e.program.scope.own(primitives.inputGradient(forward)));
      }
    }
    return all;
  }

  @Override
  public Tensor forward(WeightTensors values, FusedOperations fused) {
    weightsAtPoints = WinogradWeights.emit(e, name, values);
    Tensor from = picture(in.tensor, name + " input");
    Tensor source = e.program.tensor(inputLayout, inputPoints);
    atPoints = source;
    e.program.add(
        new WinogradRows(from, source).toPoints(name + " input to points", above), from, source);
    dnnl_primitive_desc description = primitives.forward(e.program.plain());
    Tensor products = e.program.tensor(resultLayout, resultPoints);
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, source)
            .and(DNNL_ARG_WEIGHTS, weightsAtPoints.weights(description, DNNL_ARG_WEIGHTS))
            .and(DNNL_ARG_DST, products);
    if (weightsAtPoints.biases() != null) {
      arguments.and(DNNL_ARG_BIAS, weightsAtPoints.biases());
    }
    e.program.add(name + " forward", description, arguments);
    Tensor to = e.program.tensor(pictureLayout(resultDimensions), resultDimensions);
    WinogradRows rows = new WinogradRows(to, products);
    String last = name + " result from points";
    if (fused.isJust(Activation.RELU)) {
      e.program.add(rows.toRowsWithRelu(last), products, to);
    } else {
      e.program.add(rows.toRows(last), products, to);
      fused.apart(to, name);
    }
    return to;
  }

  private dnnl_memory_desc pictureLayout(long[] dimensions) {
    return e.layouts().blocked(dnnl_f32, dimensions);
  }

  private Tensor picture(Tensor tensor, String what) {
    return e.program.as(tensor, pictureLayout(tensor.dimensions), what);
  }

  @Override
  public void backward(Tensor gradient) {
    dnnl_primitive_desc hint = primitives.forward(e.program.plain());
    e.program.scope.own(hint);
    Tensor after = picture(gradient, name + " gradient");
    Tensor products = e.program.tensor(resultLayout, resultPoints);
    e.program.add(
        new WinogradRows(after, products).rowGradients(name + " gradient to points"),
        after,
        products);
    weightGradient(products, hint);
    if (in.wantsGradient) {
      inputGradient(products, hint);
    }
  }

  private void weightGradient(Tensor products, dnnl_primitive_desc hint) {
    dnnl_primitive_desc description = primitives.weightGradient(hint);
    long[] dimensions = WinogradWeights.dimensions(weights.dimensions);
    Tensor made = e.program.tensor(description, DNNL_ARG_DIFF_WEIGHTS, dimensions);
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, Objects.requireNonNull(atPoints))
            .and(DNNL_ARG_DIFF_DST, products)
            .and(DNNL_ARG_DIFF_WEIGHTS, made);
    Tensor biases = hasBiases ? WinogradWeights.pointBiases(e, weights.outputs) : null;
    if (biases != null) {
      arguments.and(DNNL_ARG_DIFF_BIAS, biases);
    }
    e.program.add(name + " backward weights", description, arguments);
    Tensor plain =
        e.program.as(
            made, e.layouts().plain(dnnl_f32, dimensions), name + " weights gradient at points");
    WinogradWeights.emitGradient(
        e, name, plain, biases, weights.gradient(e), weights.biasGradient(e));
  }

  private void inputGradient(Tensor products, dnnl_primitive_desc hint) {
    dnnl_primitive_desc description = primitives.inputGradient(hint);
    Tensor source = e.program.tensor(inputLayout, inputPoints);
    WeightTensors values = Objects.requireNonNull(weightsAtPoints);
    e.program.add(
        name + " backward data",
        description,
        Arguments.of(DNNL_ARG_DIFF_DST, products)
            .and(DNNL_ARG_WEIGHTS, values.weights(description, DNNL_ARG_WEIGHTS))
            .and(DNNL_ARG_DIFF_SRC, source));
    long[] dimensions = in.tensor.dimensions;
    Tensor before = e.program.tensor(pictureLayout(dimensions), dimensions);
    e.program.add(
        new WinogradRows(before, source)
            .pointGradients(name + " input gradient from points", above),
        source,
        before);
    e.contribute(in, before, true, name);
  }

  @Override
  public Weights weights() {
    return weights;
  }
}
