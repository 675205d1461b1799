package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.engine.ActivationListener;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Workload;
import dev.tessera.network.Dense;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Shape;
import java.util.List;
import org.bytedeco.dnnl.dnnl_stream;

/** Turns a workload into a program for minibatches of one size. */
final class NetworkCompiler {
  private final Setting setting;
  private final NetworkPlan network;
  private final ProgramBuilder program;
  private final Value[] values;
  private final int[] readers;
  private final int inputReaders;

  /** What all programs of a replica have in common. */
  record Setting(
      Workload workload,
      Precision precision,
      NativeParameters parameters,
      StepContext step,
      dnnl_stream stream,
      int threads,
      InferenceGroups.Rule groups) {}

  private NetworkCompiler(Setting setting, ProgramBuilder program) {
    this.setting = setting;
    this.network = setting.workload.network();
    this.program = program;
    this.values = new Value[network.layers().size()];
    this.readers = new int[network.layers().size()];
    int ofInput = 0;
    for (LayerPlan layer : network.layers()) {
      for (int source : layer.sources()) {
        if (source == LayerPlan.NETWORK_INPUT) {
          ofInput++;
        } else {
          readers[source]++;
        }
      }
    }
    this.inputReaders = ofInput;
  }

  /** What is compiled: the program and the tensor of the output's values, N x classes of floats. */
  record Compiled(Program program, Tensor scores) {}

  /**
   * Compiles a training step (without its update) or inference. The program owns everything native
   * that it needs but the memory and the parameters.
   */
  static Compiled compile(Setting setting, boolean training, int batch) {
    NativeScope scope = new NativeScope();
    try {
      ProgramBuilder program = new ProgramBuilder(scope, setting.stream, batch, setting.step);
      NetworkCompiler compiler = new NetworkCompiler(setting, program);
      Tensor scores = training ? compiler.training(batch) : compiler.inference(batch);
      Program compiled = program.build();
      SlowOperations.report(compiler.network.name(), training, compiled.operations().toList());
      return new Compiled(compiled, scores);
    } catch (RuntimeException | Error failure) {
      scope.close();
      throw failure;
    }
  }

  /**
   * Compiles inference layer by layer: the program hands each layer's values to the listener when
   * it has made them, the output's as probabilities. Owned by the caller as {@link #compile}'s is.
   */
  static Program compileApart(Setting setting, int batch, ActivationListener listener) {
    NativeScope scope = new NativeScope();
    try {
      ProgramBuilder program = new ProgramBuilder(scope, setting.stream, batch, setting.step);
      NetworkCompiler compiler = new NetworkCompiler(setting, program);
      Emission e = compiler.emission(false, batch);
      LayerOutputs outputs = new LayerOutputs(compiler.network, e, listener);
      compiler.emit(e, Fusion.apart(compiler.network), compiler.input(e), outputs::add);
      return program.build();
    } catch (RuntimeException | Error failure) {
      scope.close();
      throw failure;
    }
  }

  /** Adds to a program what is to follow a stage at once. */
  private interface AfterStage {
    void add(LayerPlan layer, Value value);
  }

  private Emission emission(boolean training, int examples) {
    return new Emission(
        program, setting.parameters, training, examples, setting.threads, setting.precision);
  }

  private Tensor training(int batch) {
    Emission e = emission(true, batch);
    emit(e, Fusion.stages(network, true), input(e), (layer, value) -> {});
    Value output = output();
    loss(e, output);
    e.emitBackward();
    return output.tensor;
  }

  private Tensor inference(int batch) {
    List<Stage> stages = Fusion.stages(network, false);
    int valueBytes = setting.precision == Precision.BFLOAT16 ? Short.BYTES : Float.BYTES;
    InferenceGroups groups =
        InferenceGroups.of(stages, valueBytes, batch, setting.threads, setting.groups);
    Emission some = emission(false, groups.size());
    Emission all = emission(false, batch);
    Value input = input(some);
    emit(some, stages.subList(0, groups.stages()), input, (layer, value) -> {});
    if (groups.stages() > 0) {
      int last = stages.get(groups.stages() - 1).output();
      Value collected = collected(all, network.layers().get(last), value(last));
      values[last] = collected;
      program.endGroups(groups.size(), collected.tensor);
    }
    emit(all, stages.subList(groups.stages(), stages.size()), input, (layer, value) -> {});
    return output().tensor;
  }

  /** The values of all examples, where each group's are copied to. */
  private Value collected(Emission all, LayerPlan layer, Value group) {
    Tensor made = group.tensor;
    long[] dimensions = made.dimensions.clone();
    dimensions[0] = all.batch;
    Layouts layouts = all.layouts();
    // Layouts in which an example's values are next to each other.
    List<Layouts.Kind> kinds =
        dimensions.length == 4
            ? List.of(layouts::plain, layouts::channelsLast, layouts::blocked)
            : List.of(layouts::plain);
    Layouts.Kind kind =
        kinds.stream()
            .filter(each -> made.hasLayout(each.of(all.type, made.dimensions)))
            .findFirst()
            .orElse(kinds.get(0));
    Tensor from = program.as(made, kind.of(all.type, made.dimensions), layer.name() + " output");
    Tensor into = program.tensor(kind.of(all.type, dimensions), dimensions);
    GroupValues values = new GroupValues(setting.step, from, into);
    program.add(
        Operation.java(layer.name() + " of all examples", values::link, values::copy), from, into);
    return new Value(layer.output(), into, group.readers, false, Value.Kept.NOTHING);
  }

  private void emit(Emission e, List<Stage> stages, Value input, AfterStage after) {
    for (Stage stage : stages) {
      boolean last = stage.output() == values.length - 1;
      StageCompiler compiler =
          new StageCompiler(e, setting.step, stage, this::value, input, this::make, last);
      values[stage.output()] = compiler.compile();
      after.add(network.layers().get(stage.output()), value(stage.output()));
    }
  }

  private Value output() {
    return values[values.length - 1];
  }

  private Value value(int index) {
    return values[index];
  }

  private Value make(Stage stage, Tensor tensor, boolean wantsGradient, Value.Kept kept) {
    Shape shape = network.layers().get(stage.output()).output();
    return new Value(shape, tensor, readers[stage.output()], wantsGradient, kept);
  }

  private Value input(Emission e) {
    Shape.Image image = network.input();
    long[] dimensions = e.dimensions(image);
    Tensor tensor = e.program.tensor(e.layouts().channelsLast(e.type, dimensions), dimensions);
    boolean bfloat16 = setting.precision == Precision.BFLOAT16;
    PixelInput pixels =
        new PixelInput(setting.step, tensor, e.batch, setting.workload.scaling(), bfloat16);
    e.program.add(Operation.java("pixels", pixels::link, pixels::fill), tensor);
    return new Value(image, tensor, inputReaders, false, Value.Kept.NOTHING);
  }

  private void loss(Emission e, Value output) {
    Dense layer = network.outputLayer();
    long[] dimensions = output.tensor.dimensions;
    Tensor gradient = e.program.tensor(e.layouts().plain(dnnl_f32, dimensions), dimensions);
    OutputLoss loss =
        new OutputLoss(
            setting.step,
            output.tensor,
            gradient,
            e.batch,
            layer.units(),
            network.classes(),
            setting.workload.objective());
    e.program.add(Operation.java("loss", loss::link, loss::run), output.tensor, gradient);
    output.setGradient(gradient, true);
  }
}
