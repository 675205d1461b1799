package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_elu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_elu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_swish;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import dev.tessera.network.Activation;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Functions of single values: as part of another primitive, or by themselves, and their gradients.
 */
final class Activations {
  private static final float LEAKY_RELU_SLOPE = 0.01f;

  private Activations() {}

  /** Whether its gradient can be told from its result, so that what it was made of may go. */
  static boolean gradientFromResult(Activation activation) {
    return activation != Activation.SWISH;
  }

  /** What its backward pass reads of its result. */
  static Value.Kept kept(Activation activation) {
    return switch (activation) {
      case IDENTITY -> Value.Kept.NOTHING;
      case RELU -> Value.Kept.ZEROS;
      default -> Value.Kept.VALUES;
    };
  }

  /** For the fused form and inference. */
  static int algorithm(Activation activation) {
    return switch (activation) {
      case RELU, LEAKY_RELU -> dnnl_eltwise_relu;
      case ELU -> dnnl_eltwise_elu;
      case SIGMOID -> dnnl_eltwise_logistic;
      case TANH -> dnnl_eltwise_tanh;
      case SWISH -> dnnl_eltwise_swish;
      case IDENTITY, SOFTMAX ->
          throw new IllegalArgumentException(activation + " is not a function of single values");
    };
  }

  static float alpha(Activation activation) {
    return switch (activation) {
      case LEAKY_RELU -> LEAKY_RELU_SLOPE;
      case ELU, SWISH -> 1;
      default -> 0;
    };
  }

  private static int backwardAlgorithm(Activation activation) {
    return switch (activation) {
      case RELU, LEAKY_RELU -> dnnl_eltwise_relu_use_dst_for_bwd;
      case ELU -> dnnl_eltwise_elu_use_dst_for_bwd;
      case SIGMOID -> dnnl_eltwise_logistic_use_dst_for_bwd;
      case TANH -> dnnl_eltwise_tanh_use_dst_for_bwd;
      default -> algorithm(activation);
    };
  }

  /** Adds {@code into = activation(from)}; the two may be one. */
  static void forward(Emission e, String name, Activation activation, Tensor from, Tensor into) {
    dnnl_primitive_desc description = describe(e, activation, from.layout, into.layout);
    e.program.add(name, description, Arguments.of(DNNL_ARG_SRC, from).and(DNNL_ARG_DST, into));
  }

  private static dnnl_primitive_desc describe(
      Emission e, Activation activation, dnnl_memory_desc from, dnnl_memory_desc into) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_eltwise_forward_primitive_desc_create(
            description,
            OneDnn.engine(),
            e.propagation(),
            e.training ? backwardAlgorithm(activation) : algorithm(activation),
            from,
            into,
            alpha(activation),
            0,
            e.program.plain()),
        "make the activation " + activation);
    return description;
  }

  /**
   * The gradient before a function whose result is {@code value}, from the one after it.
   *
   * @param source what the function was applied to; its result where that is enough
   * @return owned by the caller
   */
  static Tensor backward(
      Emission e, String name, Activation activation, Tensor source, Value value) {
    Tensor after = e.program.as(value.gradient(), source.layout, name + " gradient");
    Tensor before = e.writable(value, after);
    dnnl_primitive_desc hint = new dnnl_primitive_desc();
    int algorithm = backwardAlgorithm(activation);
    float alpha = alpha(activation);
    OneDnn.check(
        dnnl_eltwise_forward_primitive_desc_create(
            hint,
            OneDnn.engine(),
            dnnl_forward_training,
            algorithm,
            source.layout,
            source.layout,
            alpha,
            0,
            e.program.plain()),
        "make the activation " + activation);
    e.program.scope.own(hint);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_eltwise_backward_primitive_desc_create(
            description,
            OneDnn.engine(),
            algorithm,
            source.layout,
            source.layout,
            source.layout,
            alpha,
            0,
            hint,
            e.program.plain()),
        "make the gradient of " + activation);
    before.copies.clear();
    e.program.add(
        name + " activation backward",
        description,
        Arguments.of(gradientFromResult(activation) ? DNNL_ARG_DST : DNNL_ARG_SRC, source)
            .and(DNNL_ARG_DIFF_DST, after)
            .and(DNNL_ARG_DIFF_SRC, before));
    return before;
  }
}
