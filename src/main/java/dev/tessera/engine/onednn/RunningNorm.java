package dev.tessera.engine.onednn;

import dev.tessera.network.BatchNorm;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.ParameterBlock;
import java.nio.FloatBuffer;

/**
 * Batch norm by its running moments: {@code y = scale x + shift} channel by channel, with {@code
 * scale = gamma / sqrt(variance + epsilon)} and {@code shift = beta - mean scale}.
 *
 * @param gamma first index of the flat parameters, likewise the others
 */
record RunningNorm(int channels, int gamma, int beta, int mean, int variance, double epsilon) {
  static RunningNorm of(LayerPlan layer) {
    ParameterBlock first = layer.parameters().get(0);
    int channels = first.size();
    return new RunningNorm(
        channels,
        first.offset(),
        layer.parameters().get(1).offset(),
        layer.parameters().get(2).offset(),
        layer.parameters().get(3).offset(),
        ((BatchNorm) layer.spec()).epsilon());
  }

  double scale(FloatBuffer parameters, int channel) {
    return parameters.get(gamma + channel)
        / Math.sqrt(parameters.get(variance + channel) + epsilon);
  }

  /** With the scale already known. */
  double shift(FloatBuffer parameters, int channel, double scale) {
    return parameters.get(beta + channel) - parameters.get(mean + channel) * scale;
  }

  /** Adds the computation of both as tensors. */
  void addScaleAndShift(Emission e, Tensor scale, Tensor shift) {
    FloatBuffer parameters = e.parameters.parameters;
    FloatBuffer[] into = new FloatBuffer[2];
    e.program.add(
        Operation.java(
            "batch norm to scale and shift",
            () -> {
              into[0] = scale.floats();
              into[1] = shift.floats();
            },
            () -> {
              for (int c = 0; c < channels; c++) {
                double factor = scale(parameters, c);
                into[0].put(c, (float) factor);
                into[1].put(c, (float) shift(parameters, c, factor));
              }
            }),
        scale,
        shift);
  }
}
