package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;

import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.Pooling;
import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import java.util.List;
import java.util.function.IntFunction;

/** Adds one stage to the program: its forward pass now, its backward pass when all are known. */
final class StageCompiler implements LayerSpec.Visitor<Value> {
  private final Emission e;
  private final StepContext step;
  private final Stage stage;
  private final IntFunction<Value> values;
  private final Value input;
  private final Maker maker;
  private final boolean last;
  private final String name;

  /** Makes the value of a stage. */
  interface Maker {
    Value make(Stage stage, Tensor tensor, boolean wantsGradient, Value.Kept kept);
  }

  /**
   * @param values what earlier layers gave, by index
   * @param input the picture
   * @param last whether it is the output
   */
  StageCompiler(
      Emission e,
      StepContext step,
      Stage stage,
      IntFunction<Value> values,
      Value input,
      Maker maker,
      boolean last) {
    this.e = e;
    this.step = step;
    this.stage = stage;
    this.values = values;
    this.input = input;
    this.maker = maker;
    this.last = last;
    this.name = stage.layer().name();
  }

  Value compile() {
    return stage.layer().spec().accept(this);
  }

  private List<Value> sources() {
    return stage.layer().sources().stream().map(this::source).toList();
  }

  private Value source(int index) {
    return index == LayerPlan.NETWORK_INPUT ? input : values.apply(index);
  }

  private Value in() {
    return source(stage.layer().sources().get(0));
  }

  private FusedOperations fused(List<PostOp> operations, int rank) {
    return FusedOperations.of(e, operations, rank, index -> values.apply(index).tensor);
  }

  @Override
  public Value convolution(Convolution layer) {
    return heavy(ConvolutionStage.of(e, stage, in()), 4);
  }

  @Override
  public Value dense(Dense layer) {
    return heavy(DenseStage.of(e, stage, in(), last), 2);
  }

  /**
   * The activation is part of the forward pass where its gradient allows.
   *
   * @param rank dimensions of the result
   */
  private Value heavy(WeightedStage layer, int rank) {
    WeightTensors weights = StageParts.weights(e, stage, layer.weights());
    if (!e.training) {
      Tensor inferred = layer.forward(weights, fused(StageParts.unfolded(stage), rank));
      return maker.make(stage, inferred, false, Value.Kept.NOTHING);
    }
    Activation activation = stage.activation();
    boolean apart = !Activations.gradientFromResult(activation);
    Tensor made = layer.forward(weights, fused(apart ? List.of() : stage.after(), rank));
    Tensor result = made;
    if (apart) {
      result = e.program.tensor(made.layout, made.dimensions);
      Activations.forward(e, name + " activation", activation, made, result);
    }
    boolean masked = stage.maskedByReader();
    Value.Kept kept = masked || apart ? Value.Kept.NOTHING : Activations.kept(activation);
    Value out = maker.make(stage, result, true, kept);
    out.maskedByReader = masked;
    e.backward(
        out,
        () -> layer.backward(masked ? out.gradient() : beforeActivation(activation, made, out)));
    return out;
  }

  /** The gradient of a stage before its activation. */
  private Tensor beforeActivation(Activation activation, Tensor source, Value out) {
    return activation == Activation.IDENTITY
        ? out.gradient()
        : Activations.backward(e, name, activation, source, out);
  }

  @Override
  public Value pooling(Pooling layer) {
    SlidingWindow window = SlidingWindow.of(layer, (Shape.Image) stage.layer().input());
    return pooled(
        new PoolingStage(
            e, name, in(), layer.function(), window, e.dimensions(stage.layer().output())));
  }

  @Override
  public Value globalPooling(GlobalPooling layer) {
    Shape.Image image = (Shape.Image) stage.layer().input();
    long[] dimensions = {e.batch, image.channels(), 1, 1};
    return pooled(
        new PoolingStage(e, name, in(), layer.function(), SlidingWindow.whole(image), dimensions));
  }

  private Value pooled(PoolingStage pooling) {
    Value in = in();
    Tensor result = pooling.forward(fused(stage.after(), 4));
    Value.Kept kept = in.maskedByReader ? Value.Kept.ZEROS : Value.Kept.NOTHING;
    Value out = maker.make(stage, result, in.wantsGradient, kept);
    e.backward(out, () -> pooling.backward(out));
    return out;
  }

  @Override
  public Value batchNorm(BatchNorm layer) {
    Value in = in();
    boolean vector = stage.layer().input() instanceof Shape.Vector;
    Tensor from = vector ? asPictures(e.flat(in, name + " input")) : in.tensor;
    NormStage norm = new NormStage(e, stage, from);
    Tensor result = norm.forward();
    boolean apart = stage.activation() == Activation.RELU && !norm.withRelu();
    if (apart) {
      Activations.forward(e, name + " activation", Activation.RELU, result, result);
    }
    Tensor handed = vector ? asRows(result) : result;
    Value.Kept kept = apart ? Activations.kept(Activation.RELU) : Value.Kept.NOTHING;
    Value out = maker.make(stage, handed, true, kept);
    e.backward(
        out,
        () -> {
          Tensor gradient =
              beforeActivation(apart ? Activation.RELU : Activation.IDENTITY, handed, out);
          Tensor after =
              vector
                  ? asPictures(e.program.as(gradient, handed.layout, name + " gradient"))
                  : gradient;
          Tensor before = norm.backward(after, result);
          if (in.wantsGradient) {
            e.contribute(in, vector ? e.unflat(in, asRows(before), name) : before, true, name);
          }
        });
    return out;
  }

  /** N x C as N x C x 1 x 1, channels innermost: the same bytes. */
  private Tensor asPictures(Tensor rows) {
    long[] dimensions = {rows.dimensions[0], rows.dimensions[1], 1, 1};
    return e.program.view(rows, 0, e.layouts().channelsLast(e.type, dimensions), dimensions);
  }

  private Tensor asRows(Tensor pictures) {
    long[] dimensions = {pictures.dimensions[0], pictures.dimensions[1]};
    Tensor last =
        e.program.as(
            pictures, e.layouts().channelsLast(e.type, pictures.dimensions), name + " rows");
    return e.program.view(last, 0, e.layouts().plain(e.type, dimensions), dimensions);
  }

  @Override
  public Value activation(ActivationLayer layer) {
    Value in = in();
    Activation activation = layer.activation();
    if (activation == Activation.IDENTITY) {
      return same(in);
    }
    boolean fromResult = Activations.gradientFromResult(activation);
    boolean inPlace = in.mayBeOverwritten() && (fromResult || !e.training);
    Tensor into = inPlace ? in.tensor : e.program.tensor(in.tensor.layout, in.tensor.dimensions);
    Activations.forward(e, name, activation, in.tensor, into);
    Value.Kept kept = fromResult ? Activations.kept(activation) : Value.Kept.NOTHING;
    Value out = maker.make(stage, into, in.wantsGradient, kept);
    e.backward(
        out,
        () -> {
          Tensor source = fromResult ? into : in.tensor;
          e.contribute(in, Activations.backward(e, name, activation, source, out), true, name);
        });
    return out;
  }

  @Override
  public Value dropout(Dropout layer) {
    Value in = in();
    if (!e.training || layer.rate() == 0) {
      return same(in);
    }
    Tensor mask = e.program.tensor(in.tensor.layout, in.tensor.dimensions);
    DropoutMask factors =
        new DropoutMask(step, mask, e.type == dnnl_bf16, stage.layer().index(), layer.rate());
    e.program.add(Operation.java(name + " mask", factors::link, factors::draw), mask);
    Tensor into =
        in.mayBeDropped() ? in.tensor : e.program.tensor(in.tensor.layout, in.tensor.dimensions);
    e.binary(dnnl_binary_mul, in.tensor, mask, into, name + " forward");
    Value.Kept kept = into == in.tensor ? in.kept : Value.Kept.NOTHING;
    Value out = maker.make(stage, into, in.wantsGradient, kept);
    e.backward(
        out,
        () -> {
          Tensor after = e.program.as(out.gradient(), mask.layout, name + " gradient");
          Tensor before = e.writable(out, after);
          e.binary(dnnl_binary_mul, after, mask, before, name + " backward");
          e.contribute(in, before, true, name);
        });
    return out;
  }

  @Override
  public Value flatten(Flatten layer) {
    return same(in());
  }

  /** The same tensor under another stage; dense and others know how to read pictures as vectors. */
  private Value same(Value in) {
    Value out =
        maker.make(
            stage, in.tensor, in.wantsGradient, in.readers == 1 ? in.kept : Value.Kept.VALUES);
    e.backward(
        out,
        () -> {
          e.contribute(in, out.gradient(), out.gradientOwned(), name);
        });
    return out;
  }

  @Override
  public Value zeroPadding(ZeroPadding layer) {
    Value in = in();
    PaddingStage padding = new PaddingStage(e, name, in, layer, stage.layer().output());
    Value out = maker.make(stage, padding.forward(), in.wantsGradient, Value.Kept.NOTHING);
    e.backward(out, () -> padding.backward(out));
    return out;
  }

  @Override
  public Value add(Add layer) {
    List<Value> sources = sources();
    Activation activation = stage.activation();
    boolean apart = e.training && !Activations.gradientFromResult(activation);
    JoinStage join = new JoinStage(e, name, sources);
    Tensor sum = join.sum(apart ? List.of() : stage.after());
    Tensor result = sum;
    if (apart) {
      result = e.program.tensor(sum.layout, sum.dimensions);
      Activations.forward(e, name + " activation", activation, sum, result);
    }
    boolean wants = sources.stream().anyMatch(source -> source.wantsGradient);
    boolean masked = stage.maskedByReader();
    Value.Kept kept = masked || apart ? Value.Kept.NOTHING : Activations.kept(activation);
    Value out = maker.make(stage, result, wants, kept);
    out.maskedByReader = masked;
    e.backward(
        out, () -> join.share(masked ? out.gradient() : beforeActivation(activation, sum, out)));
    return out;
  }

  @Override
  public Value concat(Concat layer) {
    List<Value> sources = sources();
    JoinStage join = new JoinStage(e, name, sources);
    Tensor result = join.concatenation(stage.layer().output());
    boolean wants = sources.stream().anyMatch(source -> source.wantsGradient);
    Value out = maker.make(stage, result, wants, Value.Kept.NOTHING);
    e.backward(out, () -> join.split(out));
    return out;
  }
}
