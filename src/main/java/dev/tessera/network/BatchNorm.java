package dev.tessera.network;

import java.util.List;

/**
 * Batch normalisation over the minibatch and the picture, channel by channel (Ioffe and Szegedy
 * 2015).
 *
 * <p>Running mean and running variance (biased) move by {@code running = momentum * running + (1 -
 * momentum) * batch}; inference uses them. They are the layer's two parameters that are not
 * trained.
 *
 * @param momentum share of the old running value that is kept, in [0, 1)
 * @param epsilon added to the variance before its root, above 0
 */
public record BatchNorm(double momentum, double epsilon) implements LayerSpec {
  public static final BatchNorm DEFAULT = new BatchNorm(0.9, 1e-5);

  public BatchNorm {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "Invalid batchNorm momentum " + momentum + ": it must be at least 0 and below 1");
    }
    if (!(epsilon > 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "Invalid batchNorm epsilon " + epsilon + ": it must be above 0 and below 1");
    }
  }

  @Override
  public String kind() {
    return "batchNorm";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterBlock> parameters(Shape input, int offset) {
    int channels = input instanceof Shape.Image image ? image.channels() : input.size();
    List<Integer> shape = List.of(channels);
    return List.of(
        new ParameterBlock("gamma", ParameterRole.GAMMA, shape, offset),
        new ParameterBlock("beta", ParameterRole.BETA, shape, offset + channels),
        new ParameterBlock("runningMean", ParameterRole.RUNNING_MEAN, shape, offset + 2 * channels),
        new ParameterBlock(
            "runningVariance", ParameterRole.RUNNING_VARIANCE, shape, offset + 3 * channels));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.batchNorm(this);
  }
}
