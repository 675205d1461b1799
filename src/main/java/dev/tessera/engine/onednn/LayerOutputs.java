package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import dev.tessera.engine.ActivationListener;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adds to a program what hands the values of its layers to a listener. */
final class LayerOutputs {
  private final NetworkPlan network;
  private final Emission e;
  private final ActivationListener listener;

  LayerOutputs(NetworkPlan network, Emission e, ActivationListener listener) {
    this.network = network;
    this.e = e;
    this.listener = listener;
  }

  /**
   * To be called before anything else is added that may write over the value. The copy is not one
   * of {@link Tensor#copies}: a layer that works in place would leave it behind.
   */
  void add(LayerPlan layer, Value value) {
    long[] dimensions = value.tensor.dimensions;
    Tensor plain = e.program.tensor(e.layouts().plain(dnnl_f32, dimensions), dimensions);
    e.program.copy(value.tensor, plain, layer.name() + " output");
    Output output = new Output(layer, plain);
    e.program.add(Operation.java(layer.name() + " output", output::link, output::hand), plain);
  }

  private final class Output {
    private final LayerPlan layer;
    private final Tensor plain;
    private @Nullable FloatBuffer linked;

    Output(LayerPlan layer, Tensor plain) {
      this.layer = layer;
      this.plain = plain;
    }

    void link() {
      linked = plain.floats();
    }

    void hand() {
      FloatBuffer made = Objects.requireNonNull(linked);
      int size = layer.output().size();
      float[] values = new float[Math.multiplyExact(e.batch, size)];
      if (layer.index() < network.layers().size() - 1) {
        made.get(0, values);
      } else if (network.sigmoidOutput()) {
        Probabilities.sigmoid(made, values, values.length);
      } else {
        Probabilities.softmax(made, values, e.batch, size);
      }
      listener.layer(layer, values);
    }
  }
}
