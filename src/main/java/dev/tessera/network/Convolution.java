package dev.tessera.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Convolution in two dimensions (cross-correlation, as everywhere in the field), then an
 * activation.
 *
 * <p>Input height x width x channels, output height' x width' x {@code filters}. Weights [filters,
 * channels, kernel height, kernel width].
 *
 * @param filters number of output channels, at least 1
 * @param initialiser of the weights; biases start at 0
 */
public record Convolution(
    int filters,
    Extent kernel,
    Extent stride,
    Padding padding,
    Extent dilation,
    Activation activation,
    boolean bias,
    Initialiser initialiser)
    implements LayerSpec {

  public Convolution {
    if (filters < 1) {
      throw new IllegalArgumentException(
          "Invalid conv of " + filters + " filters: it must have at least 1");
    }
  }

  /** Stride 1, no dilation, with bias and the activation's default initialiser. */
  public static Convolution of(int filters, int kernel, Padding padding, Activation activation) {
    return new Convolution(
        filters,
        Extent.square(kernel),
        Extent.ONE,
        padding,
        Extent.ONE,
        activation,
        true,
        Initialiser.defaultFor(activation));
  }

  @Override
  public String kind() {
    return "conv";
  }

  @Override
  public Shape.Image outputShape(Shape input) {
    return Windows.slide(
        Windows.picture(input, "conv"), kernel, stride, dilation, padding, filters, "kernel");
  }

  @Override
  public List<ParameterBlock> parameters(Shape input, int offset) {
    int channels = Windows.picture(input, "conv").channels();
    List<ParameterBlock> blocks = new ArrayList<>();
    int next = offset;
    if (bias) {
      blocks.add(new ParameterBlock("bias", ParameterRole.BIAS, List.of(filters), next));
      next += filters;
    }
    blocks.add(
        new ParameterBlock(
            "weights",
            ParameterRole.WEIGHT,
            List.of(filters, channels, kernel.height(), kernel.width()),
            next));
    return blocks;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.convolution(this);
  }
}
