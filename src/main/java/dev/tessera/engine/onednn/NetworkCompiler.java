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
  private final Workload workload;
  private final NetworkPlan network;
  private final Emission e;
  private final StepContext step;
  private final Precision precision;
  private final Value[] values;
  private final int[] readers;
  private final int inputReaders;

  private NetworkCompiler(Workload workload, Emission e, StepContext step, Precision precision) {
    this.workload = workload;
    this.network = workload.network();
    this.e = e;
    this.step = step;
    this.precision = precision;
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
  static Compiled compile(
      Workload workload,
      Precision precision,
      NativeParameters parameters,
      StepContext step,
      dnnl_stream stream,
      boolean training,
      int batch,
      int threads) {
    NativeScope scope = new NativeScope();
    try {
      ProgramBuilder program = new ProgramBuilder(scope, stream);
      Emission e = new Emission(program, parameters, training, batch, threads, precision);
      List<Stage> stages = Fusion.stages(workload.network(), training);
      Tensor scores =
          new NetworkCompiler(workload, e, step, precision).emit(stages, (layer, value) -> {});
      Program compiled = program.build();
      SlowOperations.report(workload.network().name(), training, compiled.operations().toList());
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
  static Program compileApart(
      Workload workload,
      Precision precision,
      NativeParameters parameters,
      StepContext step,
      dnnl_stream stream,
      int batch,
      int threads,
      ActivationListener listener) {
    NativeScope scope = new NativeScope();
    try {
      ProgramBuilder program = new ProgramBuilder(scope, stream);
      Emission e = new Emission(program, parameters, false, batch, threads, precision);
      LayerOutputs outputs = new LayerOutputs(workload.network(), e, listener);
      new NetworkCompiler(workload, e, step, precision)
          .emit(Fusion.apart(workload.network()), outputs::add);
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

  private Tensor emit(List<Stage> stages, AfterStage after) {
    Value input = input();
    for (Stage stage : stages) {
      boolean last = stage.output() == values.length - 1;
      StageCompiler compiler =
          new StageCompiler(e, step, stage, this::value, input, this::make, last);
      values[stage.output()] = compiler.compile();
      after.add(network.layers().get(stage.output()), value(stage.output()));
    }
    Value output = values[values.length - 1];
    if (e.training) {
      loss(output);
      e.emitBackward();
    }
    return output.tensor;
  }

  private Value value(int index) {
    return values[index];
  }

  private Value make(Stage stage, Tensor tensor, boolean wantsGradient, Value.Kept kept) {
    Shape shape = network.layers().get(stage.output()).output();
    return new Value(shape, tensor, readers[stage.output()], wantsGradient, kept);
  }

  private Value input() {
    Shape.Image image = network.input();
    long[] dimensions = e.dimensions(image);
    Tensor tensor = e.program.tensor(e.layouts().channelsLast(e.type, dimensions), dimensions);
    boolean bfloat16 = precision == Precision.BFLOAT16;
    PixelInput pixels = new PixelInput(step, tensor, workload.scaling(), bfloat16);
    e.program.add(Operation.java("pixels", pixels::link, pixels::fill), tensor);
    return new Value(image, tensor, inputReaders, false, Value.Kept.NOTHING);
  }

  private void loss(Value output) {
    Dense layer = network.outputLayer();
    long[] dimensions = output.tensor.dimensions;
    Tensor gradient = e.program.tensor(e.layouts().plain(dnnl_f32, dimensions), dimensions);
    OutputLoss loss =
        new OutputLoss(
            step,
            output.tensor,
            gradient,
            e.batch,
            layer.units(),
            network.classes(),
            workload.objective());
    e.program.add(Operation.java("loss", loss::link, loss::run), output.tensor, gradient);
    output.setGradient(gradient, true);
  }
}
