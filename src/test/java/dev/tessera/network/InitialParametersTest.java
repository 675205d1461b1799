package dev.tessera.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitialParametersTest {
  /**
   * The variance of the 55,296 or more values drawn here has a relative standard deviation of at
   * most {@code sqrt(2 / 55296)} = 0.6 %; five of those.
   */
  private static final double VARIANCE_TOLERANCE = 0.03;

  private static final int CHANNELS = 48;
  private static final int FILTERS = 128;
  private static final int UNITS = 600;

  private static NetworkPlan plan(Initialiser initialiser) {
    return NetworkSpec.chain(
            "custom",
            List.of(
                new Convolution(
                    FILTERS,
                    Extent.square(3),
                    Extent.ONE,
                    Padding.SAME,
                    Extent.ONE,
                    1,
                    Activation.RELU,
                    true,
                    initialiser),
                BatchNorm.DEFAULT,
                new GlobalPooling(PoolingKind.AVERAGE),
                new Dense(UNITS, Activation.RELU, true, initialiser),
                Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
        .compile(new Shape.Image(4, 4, CHANNELS), 3);
  }

  private static float[] values(NetworkPlan plan, int layer, String block, float[] parameters) {
    ParameterBlock found =
        plan.layers().get(layer).parameters().stream()
            .filter(b -> b.name().equals(block))
            .findFirst()
            .orElseThrow();
    return Arrays.copyOfRange(parameters, found.offset(), found.end());
  }

  private static double variance(float[] values) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / values.length;
    return squares / values.length - mean * mean;
  }

  private static double expected(Initialiser initialiser, int fanIn, int fanOut) {
    return switch (initialiser) {
      case HE_NORMAL, HE_UNIFORM -> 2.0 / fanIn;
      case GLOROT_NORMAL, GLOROT_UNIFORM -> 2.0 / (fanIn + fanOut);
      case LECUN_NORMAL -> 1.0 / fanIn;
    };
  }

  @ParameterizedTest
  @EnumSource
  void weightsHaveTheInitialisersVariance(Initialiser initialiser) {
    NetworkPlan plan = plan(initialiser);
    float[] parameters = plan.initialParameters(11);
    double conv = expected(initialiser, CHANNELS * 9, FILTERS * 9);
    assertThat(variance(values(plan, 0, "weights", parameters)))
        .isCloseTo(conv, within(VARIANCE_TOLERANCE * conv));
    double dense = expected(initialiser, FILTERS, UNITS);
    assertThat(variance(values(plan, 3, "weights", parameters)))
        .isCloseTo(dense, within(VARIANCE_TOLERANCE * dense));
  }

  @ParameterizedTest
  @EnumSource(names = {"HE_UNIFORM", "GLOROT_UNIFORM"})
  void uniformWeightsStayInTheirRange(Initialiser initialiser) {
    NetworkPlan plan = plan(initialiser);
    double limit = Math.sqrt(3 * expected(initialiser, CHANNELS * 9, FILTERS * 9));
    float[] weights = values(plan, 0, "weights", plan.initialParameters(11));
    float largest = 0;
    for (float weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
    }
    assertThat((double) largest).isBetween(0.99 * limit, Math.nextUp((float) limit) + 0.0);
  }

  @Test
  void biasesStartAtZeroAndBatchNormAtOneZeroZeroOne() {
    NetworkPlan plan = plan(Initialiser.HE_NORMAL);
    float[] parameters = plan.initialParameters(1);
    assertThat(values(plan, 0, "bias", parameters)).containsOnly(0f);
    assertThat(values(plan, 3, "bias", parameters)).containsOnly(0f);
    assertThat(values(plan, 1, "gamma", parameters)).containsOnly(1f);
    assertThat(values(plan, 1, "beta", parameters)).containsOnly(0f);
    assertThat(values(plan, 1, "runningMean", parameters)).containsOnly(0f);
    assertThat(values(plan, 1, "runningVariance", parameters)).containsOnly(1f);
  }

  @Test
  void areAPureFunctionOfTheSeed() {
    float[] once = plan(Initialiser.HE_NORMAL).initialParameters(42);
    assertThat(plan(Initialiser.HE_NORMAL).initialParameters(42)).isEqualTo(once);
    assertThat(plan(Initialiser.HE_NORMAL).initialParameters(43)).isNotEqualTo(once);
  }

  /** Frozen: a run that is started again with a newer release starts from the same parameters. */
  @Test
  void ofTheReferenceNetworkAreFrozen() {
    float[] parameters =
        NamedNetworks.named("reference")
            .compile(new Shape.Image(32, 32, 3), 10)
            .initialParameters(42);
    assertThat(Arrays.hashCode(parameters)).isEqualTo(614032260);
  }

  @Test
  void layersOfEqualSizeStartDifferently() {
    NetworkPlan plan =
        NetworkSpec.chain(
                "custom",
                List.of(
                    new Flatten(),
                    Dense.of(4, Activation.RELU),
                    Dense.of(4, Activation.RELU),
                    Dense.of(4, Activation.SOFTMAX)))
            .compile(new Shape.Image(2, 2, 1), 4);
    float[] parameters = plan.initialParameters(5);
    assertThat(values(plan, 1, "weights", parameters))
        .isNotEqualTo(values(plan, 2, "weights", parameters));
  }
}
