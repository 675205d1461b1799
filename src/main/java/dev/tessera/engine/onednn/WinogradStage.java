package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
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
 * products to the result's rows; going back, the same the other way round. All that for a piece of
 * the minibatch at a time, so that what is at the points stays in the processor's cache unless
 * there are many weights; where there are several pieces, the gradient of the weights reads an
 * input at the points that is made a second time.
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
  private final SlidingWindow window;

  private final List<Piece> pieces = new ArrayList<>();
  private final WinogradRows.Scratch scratch;

  /** The input at the points, if the minibatch is one piece: its backward pass reads it again. */
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
    this.window = window.ofOneRow(tiles);
    this.scratch = new WinogradRows.Scratch(Math.max(in.tensor.dimensions[3], resultDimensions[3]));
    cut(WinogradChoice.together(stage.layer(), e.batch, e.training));
  }

  private void cut(int size) {
    ConvolutionPrimitives full = primitives(size);
    for (int from = 0; from < e.batch; from += size) {
      int left = e.batch - from;
      pieces.add(
          left < size ? new Piece(from, left, primitives(left)) : new Piece(from, size, full));
    }
  }

  private ConvolutionPrimitives primitives(int examples) {
    return new ConvolutionPrimitives(
        e,
        name,
        blocked(of(examples, inputPoints)),
        WinogradWeights.dimensions(weights.dimensions),
        hasBiases ? Winograd.POINTS * weights.outputs : 0,
        blocked(of(examples, resultPoints)),
        window);
  }

  /** Examples next to each other that go to the points and back by themselves. */
  private record Piece(int from, int size, ConvolutionPrimitives primitives) {}

  private static long[] of(int examples, long[] dimensions) {
    long[] changed = dimensions.clone();
    changed[0] = examples;
    return changed;
  }

  private dnnl_memory_desc blocked(long[] dimensions) {
    return e.layouts().blocked(dnnl_f32, dimensions);
  }

  private Tensor tensor(long[] dimensions) {
    return e.program.tensor(blocked(dimensions), dimensions);
  }

  /** A piece's part of a tensor of the whole minibatch in blocks. */
  private Tensor part(Tensor whole, Piece piece) {
    long example = whole.bytes / whole.dimensions[0];
    long[] dimensions = of(piece.size, whole.dimensions);
    return e.program.view(whole, piece.from * example, blocked(dimensions), dimensions);
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
    for (ConvolutionPrimitives each : pieces.stream().map(Piece::primitives).distinct().toList()) {
      dnnl_primitive_desc forward = e.program.scope.own(each.forward(e.program.plain()));
      all.add(forward);
      if (e.training) {
        all.add(e.program.scope.own(each.weightGradient(forward)));
        if (in.wantsGradient) {
          all.add(e.program.scope.own(each.inputGradient(forward)));
        }
      }
    }
    return all;
  }

  @Override
  public Tensor forward(WeightTensors values, FusedOperations fused) {
    weightsAtPoints = WinogradWeights.emit(e, name, values);
    Tensor from = picture(in.tensor, name + " input");
    Tensor to = tensor(resultDimensions);
    boolean relu = fused.isJust(Activation.RELU);
    for (Piece piece : pieces) {
      Tensor source = toPoints(piece, from);
      forward(piece, source, part(to, piece), relu);
      atPoints = pieces.size() == 1 ? source : null;
    }
    if (!relu) {
      fused.apart(to, name);
    }
    return to;
  }

  private Tensor toPoints(Piece piece, Tensor whole) {
    Tensor from = part(whole, piece);
    Tensor to = tensor(of(piece.size, inputPoints));
    e.program.add(
        new WinogradRows(from, to, scratch).toPoints(name + " input to points", above), from, to);
    return to;
  }

  private void forward(Piece piece, Tensor source, Tensor to, boolean relu) {
    WeightTensors values = Objects.requireNonNull(weightsAtPoints);
    dnnl_primitive_desc description = piece.primitives.forward(e.program.plain());
    Tensor products = tensor(of(piece.size, resultPoints));
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, source)
            .and(DNNL_ARG_WEIGHTS, values.weights(description, DNNL_ARG_WEIGHTS))
            .and(DNNL_ARG_DST, products);
    if (values.biases() != null) {
      arguments.and(DNNL_ARG_BIAS, values.biases());
    }
    e.program.add(name + " forward", description, arguments);
    WinogradRows rows = new WinogradRows(to, products, scratch);
    String last = name + " result from points";
    e.program.add(relu ? rows.toRowsWithRelu(last) : rows.toRows(last), products, to);
  }

  private Tensor picture(Tensor tensor, String what) {
    return e.program.as(tensor, blocked(tensor.dimensions), what);
  }

  @Override
  public void backward(Tensor gradient) {
    Tensor from = picture(in.tensor, name + " input");
    Tensor after = picture(gradient, name + " gradient");
    @Nullable Tensor before = in.wantsGradient ? tensor(in.tensor.dimensions) : null;
    @Nullable Tensor biases = hasBiases ? WinogradWeights.pointBiases(e, weights.outputs) : null;
    @Nullable Tensor made = null;
    for (Piece piece : pieces) {
      Tensor source = atPoints == null ? toPoints(piece, from) : atPoints;
      Tensor products = gradientToPoints(piece, after);
      dnnl_primitive_desc hint = piece.primitives.forward(e.program.plain());
      e.program.scope.own(hint);
      made =
          addWeightGradient(piece.primitives.weightGradient(hint), source, products, made, biases);
      if (before != null) {
        inputGradient(piece.primitives.inputGradient(hint), piece, products, part(before, piece));
      }
    }
    weightGradient(Objects.requireNonNull(made), biases);
    if (before != null) {
      e.contribute(in, before, true, name);
    }
  }

  private Tensor gradientToPoints(Piece piece, Tensor whole) {
    Tensor from = part(whole, piece);
    Tensor to = tensor(of(piece.size, resultPoints));
    e.program.add(
        new WinogradRows(from, to, scratch).rowGradients(name + " gradient to points"), from, to);
    return to;
  }

  /**
   * Adds a piece's share of the gradient of the weights at the points.
   *
   * @param sum of the pieces before, null for the first one
   * @param biases the sum of their gradients
   */
  private Tensor addWeightGradient(
      dnnl_primitive_desc description,
      Tensor source,
      Tensor products,
      @Nullable Tensor sum,
      @Nullable Tensor biases) {
    long[] dimensions = WinogradWeights.dimensions(weights.dimensions);
    Tensor made = e.program.tensor(description, DNNL_ARG_DIFF_WEIGHTS, dimensions);
    Arguments arguments =
        Arguments.of(DNNL_ARG_SRC, source)
            .and(DNNL_ARG_DIFF_DST, products)
            .and(DNNL_ARG_DIFF_WEIGHTS, made);
    Tensor madeBiases = biases;
    if (biases != null) {
      madeBiases = sum == null ? biases : WinogradWeights.pointBiases(e, weights.outputs);
      arguments.and(DNNL_ARG_DIFF_BIAS, madeBiases);
    }
    e.program.add(name + " backward weights", description, arguments);
    if (sum == null) {
      return made;
    }
    Tensor share = e.program.as(made, sum.layout, name + " weights gradient at points");
    add(sum, share);
    if (biases != null && madeBiases != null) {
      add(biases, madeBiases);
    }
    return sum;
  }

  /** Value by value, whatever the layout that both have. */
  private void add(Tensor sum, Tensor share) {
    long count = sum.bytes / Float.BYTES;
    dnnl_memory_desc row = e.layouts().plain(dnnl_f32, count);
    Tensor into = e.program.view(sum, 0, row, count);
    e.binary(
        dnnl_binary_add, into, e.program.view(share, 0, row, count), into, name + " gradient sum");
  }

  private void weightGradient(Tensor made, @Nullable Tensor biases) {
    long[] dimensions = made.dimensions;
    Tensor plain =
        e.program.as(
            made, e.layouts().plain(dnnl_f32, dimensions), name + " weights gradient at points");
    WinogradWeights.emitGradient(
        e, name, plain, biases, weights.gradient(e), weights.biasGradient(e));
  }

  private void inputGradient(
      dnnl_primitive_desc description, Piece piece, Tensor products, Tensor before) {
    Tensor source = tensor(of(piece.size, inputPoints));
    WeightTensors values = Objects.requireNonNull(weightsAtPoints);
    e.program.add(
        name + " backward data",
        description,
        Arguments.of(DNNL_ARG_DIFF_DST, products)
            .and(DNNL_ARG_WEIGHTS, values.weights(description, DNNL_ARG_WEIGHTS))
            .and(DNNL_ARG_DIFF_SRC, source));
    e.program.add(
        new WinogradRows(before, source, scratch)
            .pointGradients(name + " input gradient from points", above),
        source,
        before);
  }

  @Override
  public Weights weights() {
    return weights;
  }
}
