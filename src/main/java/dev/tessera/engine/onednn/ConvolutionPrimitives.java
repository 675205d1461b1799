package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_data_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_weights_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/** Describes a convolution's three primitives. Who gets a description owns it. */
final class ConvolutionPrimitives {
  private final Emission e;
  private final String name;
  private final dnnl_memory_desc source;
  private final dnnl_memory_desc anyWeights;
  private final dnnl_memory_desc anyWeightGradients;
  private final @Nullable dnnl_memory_desc biasLayout;
  private final dnnl_memory_desc result;
  private final SlidingWindow window;

  /**
   * @param source NCHW, any or a certain layout, as {@code result}
   * @param weights OIHW or GOIHW
   * @param biases how many, 0 for none
   */
  ConvolutionPrimitives(
      Emission e,
      String name,
      dnnl_memory_desc source,
      long[] weights,
      int biases,
      dnnl_memory_desc result,
      SlidingWindow window) {
    this.e = e;
    this.name = name;
    this.source = source;
    this.anyWeights = e.any(weights);
    this.anyWeightGradients = e.layouts().any(dnnl_f32, weights);
    this.biasLayout = biases == 0 ? null : e.layouts().plain(dnnl_f32, biases);
    this.result = result;
    this.window = window;
  }

  dnnl_primitive_desc forward(dnnl_primitive_attr attributes) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_convolution_forward_primitive_desc_create(
            description,
            OneDnn.engine(),
            e.propagation(),
            dnnl_convolution_direct,
            source,
            anyWeights,
            biasLayout,
            result,
            window.stride,
            window.dilation,
            window.before,
            window.after,
            attributes),
        "make " + name);
    window.passOverWrong(description, e.training);
    return description;
  }

  /**
   * @param hint the forward primitive
   */
  dnnl_primitive_desc weightGradient(dnnl_primitive_desc hint) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_convolution_backward_weights_primitive_desc_create(
            description,
            OneDnn.engine(),
            dnnl_convolution_direct,
            source,
            anyWeightGradients,
            biasLayout,
            result,
            window.stride,
            window.dilation,
            window.before,
            window.after,
            hint,
            e.program.plain()),
        "make the gradient of the weights of " + name);
    window.passOverWrongWeightGradient(description);
    return description;
  }

  /**
   * @param hint the forward primitive
   */
  dnnl_primitive_desc inputGradient(dnnl_primitive_desc hint) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_convolution_backward_data_primitive_desc_create(
            description,
            OneDnn.engine(),
            dnnl_convolution_direct,
            source,
            anyWeights,
            result,
            window.stride,
            window.dilation,
            window.before,
            window.after,
            hint,
            e.program.plain()),
        "make the gradient of the input of " + name);
    return description;
  }
}
