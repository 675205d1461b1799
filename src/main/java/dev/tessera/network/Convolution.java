package dev.tessera.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Convolution in two dimensions (cross-correlation, as everywhere in the field), then an
 * activation.
 *
 * <p>Input height x width x channels, output height' x width' x {@code filters}. Channels and
 * filters are cut into {@code groups} of neighbours; filters of group g see the channels of group g
 * alone. Parameters, each bias before its weights, as a DL4J model file has them:
 *
 * <ul>
 *   <li>one group: {@code bias} [filters], {@code weights} [filters, channels, kernel height,
 *       kernel width];
 *   <li>as many groups as channels, and more than one (depthwise): {@code bias} [filters], {@code
 *       weights} [kernel height, kernel width, channels, multiplier], where filter {@code channel *
 *       multiplier + m} sees {@code channel};
 *   <li>else group after group: {@code bias} [filters / groups], {@code weights} [filters / groups,
 *       channels / groups, kernel height, kernel width], each name followed by the group's number
 *       from 1.
 * </ul>
 *
 * @param filters number of output channels, at least 1
 * @param groups divides channels and filters; 1 for an ordinary convolution, {@link #DEPTHWISE} for
 *     as many as the input has channels
 * @param initialiser of the weights, by the inputs and outputs of a group; biases start at 0
 */
public record Convolution(
    int filters,
    Extent kernel,
    Extent stride,
    Padding padding,
    Extent dilation,
    int groups,
    Activation activation,
    boolean bias,
    Initialiser initialiser)
    implements LayerSpec {
  /**
   * Stands for as many groups as the input has channels; {@link NetworkSpec#compile} puts the
   * number in.
   */
  public static final int DEPTHWISE = 0;

  public Convolution {
    if (filters < 1) {
      throw new IllegalArgumentException(
          "Invalid conv of " + filters + " filters: it must have at least 1");
    }
    if (groups < 0) {
      throw new IllegalArgumentException(
          "Invalid conv of " + groups + " groups: it must have at least 1, or `depthwise`");
    }
  }

  /** Stride 1, no dilation, one group, with bias and the activation's default initialiser. */
  public static Convolution of(int filters, int kernel, Padding padding, Activation activation) {
    return new Convolution(
        filters,
        Extent.square(kernel),
        Extent.ONE,
        padding,
        Extent.ONE,
        1,
        activation,
        true,
        Initialiser.defaultFor(activation));
  }

  Convolution withGroups(int count) {
    return new Convolution(
        filters, kernel, stride, padding, dilation, count, activation, bias, initialiser);
  }

  Convolution withInitialiser(Initialiser other) {
    return new Convolution(
        filters, kernel, stride, padding, dilation, groups, activation, bias, other);
  }

  /** Whether every filter sees one of several channels, so that weights are laid out for that. */
  public boolean depthwise(Shape input) {
    int channels = Windows.picture(input, "conv").channels();
    return channels > 1 && groupCount(channels) == channels;
  }

  private int groupCount(int channels) {
    return groups == DEPTHWISE ? channels : groups;
  }

  @Override
  public String kind() {
    return "conv";
  }

  @Override
  public Shape.Image outputShape(Shape input) {
    Shape.Image image = Windows.picture(input, "conv");
    checkGroups(image);
    return Windows.slide(image, kernel, stride, dilation, padding, filters, "kernel");
  }

  private void checkGroups(Shape.Image input) {
    int count = groupCount(input.channels());
    if (input.channels() % count != 0) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "groups",
          "groups = "
              + count
              + " does not divide the "
              + input.channels()
              + " channels of its input of "
              + input
              + " (height x width x channels). Every group gets as many channels. Use a divisor of "
              + input.channels()
              + ".");
    }
    if (filters % count != 0) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "groups",
          (groups == DEPTHWISE
                  ? "groups = depthwise, here " + count + " for an input of " + input + ","
                  : "groups = " + count)
              + " does not divide its "
              + filters
              + " filters. Every group makes as many channels. Use a multiple of "
              + count
              + " filters.");
    }
  }

  @Override
  public List<ParameterBlock> parameters(Shape input, int offset) {
    int channels = Windows.picture(input, "conv").channels();
    int count = groupCount(channels);
    List<ParameterBlock> blocks = new ArrayList<>();
    if (depthwise(input)) {
      List<Integer> weights =
          List.of(kernel.height(), kernel.width(), channels, filters / channels);
      add(blocks, "", filters, weights, offset);
      return blocks;
    }
    List<Integer> weights =
        List.of(filters / count, channels / count, kernel.height(), kernel.width());
    int next = offset;
    for (int group = 1; group <= count; group++) {
      next = add(blocks, count == 1 ? "" : "" + group, filters / count, weights, next);
    }
    return blocks;
  }

  private int add(
      List<ParameterBlock> blocks, String suffix, int biases, List<Integer> weights, int offset) {
    int next = offset;
    if (bias) {
      blocks.add(new ParameterBlock("bias" + suffix, ParameterRole.BIAS, List.of(biases), next));
      next = Math.addExact(next, biases);
    }
    ParameterBlock block =
        new ParameterBlock("weights" + suffix, ParameterRole.WEIGHT, weights, next);
    blocks.add(block);
    return block.end();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.convolution(this);
  }
}
