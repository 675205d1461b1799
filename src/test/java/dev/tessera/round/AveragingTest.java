package dev.tessera.round;

import static dev.tessera.round.Toy.assertEqualBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.stats.ParameterStats;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AveragingTest {
  private static final long SEED = 7;
  private static final double[] SCALES = {1e-3, 0.1, 1, 1000};

  /** Moments reach the average as floats, 24 bits each; their sums add a few roundings. */
  private static final double MOMENT_TOLERANCE = 1e-6;

  /** Norms of a few hundred doubles, summed in another order. */
  private static final double NORM_TOLERANCE = 1e-12;

  private static Workload workload(int units) {
    NetworkPlan network =
        NetworkSpec.chain(
                "custom",
                List.of(
                    Convolution.of(5, 3, Padding.SAME, Activation.RELU),
                    BatchNorm.DEFAULT,
                    new Flatten(),
                    Dense.of(units, Activation.RELU),
                    BatchNorm.DEFAULT,
                    Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
            .compile(new Shape.Image(4, 4, 3), 3);
    return Workloads.of(network, PixelScaling.unit(3), new Updater.Nesterov(0.9), 0, 8);
  }

  private final Workload workload = workload(6);

  private static ReplicaState random(Workload workload, long seed) {
    RandomStream random = RandomStream.of(seed, Purpose.AUGMENTATION);
    ReplicaState state = ReplicaState.zeros(workload);
    for (ParameterBlock block : workload.network().blocks()) {
      for (int i = block.offset(); i < block.end(); i++) {
        double value = (2 * random.nextDouble() - 1) * SCALES[random.nextInt(SCALES.length)];
        boolean variance = block.role() == ParameterRole.RUNNING_VARIANCE;
        state.parameters()[i] = (float) (variance ? Math.abs(value) : value);
      }
    }
    for (int i = 0; i < state.updaterState().length; i++) {
      state.updaterState()[i] = (float) (2 * random.nextDouble() - 1);
    }
    return state;
  }

  private static WorkerResult result(int worker, int examples, ReplicaState state) {
    return new WorkerResult(
        new WorkerReport(worker, examples, 1.5 * examples, 2.5 * examples, "", "host", 1), state);
  }

  private static WorkerResult excluded(int worker, ReplicaState state) {
    return new WorkerResult(
        new WorkerReport(worker, 10, Double.NaN, Double.NaN, "its loss is not finite", "host", 1),
        state);
  }

  private static WorkerResult idle(int worker) {
    return new WorkerResult(
        new WorkerReport(worker, 0, 0, 0, "", "host", 1),
        new ReplicaState(new float[0], new float[0]));
  }

  private static ReplicaState mean(Workload workload, WorkerResult... results) {
    return Objects.requireNonNull(
        ReplicaAverage.of(workload, workload.initialState(1), List.of(results)).state());
  }

  @Test
  void equalReplicasAverageToThemselvesBitForBit() {
    System.out.println("seed " + SEED);
    ReplicaState state = random(workload, SEED);
    float[] odd = {
      -0f, 0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 0.1f, 1 / 3f
    };
    System.arraycopy(odd, 0, state.parameters(), 0, odd.length);
    System.arraycopy(odd, 0, state.updaterState(), 0, odd.length);
    for (int[] examples : new int[][] {{1}, {7, 7, 7}, {1, 3, 1000}, {999_983, 1, 17, 640, 3}}) {
      WorkerResult[] results = new WorkerResult[examples.length];
      for (int k = 0; k < examples.length; k++) {
        results[k] = result(k, examples[k], state.copy());
      }
      assertEqualBits(mean(workload, results), state);
    }
  }

  @Test
  void learnedValuesAreWeightedByExamples() {
    int[] examples = {64, 3, 40};
    WorkerResult[] results = new WorkerResult[3];
    for (int k = 0; k < 3; k++) {
      results[k] = result(k, examples[k], random(workload, 100 + k));
    }
    ReplicaState mean = mean(workload, results);
    for (ParameterBlock block : workload.network().blocks()) {
      if (block.role() != ParameterRole.RUNNING_VARIANCE) {
        for (int i = block.offset(); i < block.end(); i++) {
          int index = i;
          assertMean(
              mean.parameters()[i],
              examples,
              List.of(results).stream().map(r -> r.state().parameters()[index]).toList());
        }
      }
    }
    for (int i = 0; i < mean.updaterState().length; i++) {
      int index = i;
      assertMean(
          mean.updaterState()[i],
          examples,
          List.of(results).stream().map(r -> r.state().updaterState()[index]).toList());
    }
  }

  /** Against the mean in 40 decimal digits: the double on the way may move it by one place. */
  private static void assertMean(float actual, int[] examples, List<Float> values) {
    BigDecimal sum = BigDecimal.ZERO;
    int total = 0;
    for (int k = 0; k < examples.length; k++) {
      sum = sum.add(new BigDecimal(values.get(k)).multiply(BigDecimal.valueOf(examples[k])));
      total += examples[k];
    }
    float exact = sum.divide(BigDecimal.valueOf(total), new MathContext(40)).floatValue();
    assertThat(actual).isCloseTo(exact, within(Math.ulp(exact)));
  }

  /** Every worker measures raw values of its own; the average has the moments of all together. */
  @Test
  void runningMomentsAreThoseOfThePooledData() {
    int[] examples = {40, 7, 120};
    RandomStream random = RandomStream.of(SEED, Purpose.AUGMENTATION);
    WorkerResult[] results = new WorkerResult[examples.length];
    List<List<Double>> pooled = new ArrayList<>();
    for (int channel = 0; channel < 5; channel++) {
      pooled.add(new ArrayList<>());
    }
    ParameterBlock means = block(ParameterRole.RUNNING_MEAN);
    ParameterBlock variances = block(ParameterRole.RUNNING_VARIANCE);
    for (int k = 0; k < examples.length; k++) {
      ReplicaState state = random(workload, k);
      for (int channel = 0; channel < 5; channel++) {
        List<Double> raw = new ArrayList<>();
        for (int i = 0; i < examples[k]; i++) {
          raw.add(random.nextGaussian() * (1 + k) + 10 * k - channel);
        }
        pooled.get(channel).addAll(raw);
        state.parameters()[means.offset() + channel] = (float) mean(raw);
        state.parameters()[variances.offset() + channel] = (float) variance(raw);
      }
      results[k] = result(k, examples[k], state);
    }
    ReplicaState mean = mean(workload, results);
    for (int channel = 0; channel < 5; channel++) {
      double expectedMean = mean(pooled.get(channel));
      double expectedVariance = variance(pooled.get(channel));
      assertThat((double) mean.parameters()[means.offset() + channel])
          .isCloseTo(expectedMean, within(MOMENT_TOLERANCE * Math.abs(expectedMean)));
      assertThat((double) mean.parameters()[variances.offset() + channel])
          .isCloseTo(expectedVariance, within(MOMENT_TOLERANCE * expectedVariance));
    }
  }

  private ParameterBlock block(ParameterRole role) {
    return workload.network().blocks().stream()
        .filter(block -> block.role() == role)
        .findFirst()
        .orElseThrow();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
  }

  private static double variance(List<Double> values) {
    double mean = mean(values);
    return values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / values.size();
  }

  @Test
  void runningVarianceIsNeverNegativeNorSmallerThanTheMeanOfVariances() {
    ParameterBlock variances = block(ParameterRole.RUNNING_VARIANCE);
    for (long seed = 0; seed < 50; seed++) {
      ReplicaState a = random(workload, seed);
      ReplicaState b = random(workload, seed + 1000);
      ReplicaState mean = mean(workload, result(0, 3, a), result(1, 5, b));
      for (int i = variances.offset(); i < variances.end(); i++) {
        float least = (float) ((3.0 * a.parameters()[i] + 5.0 * b.parameters()[i]) / 8);
        assertThat(mean.parameters()[i]).isGreaterThanOrEqualTo(least);
      }
    }
  }

  @Test
  void workersThatDoNotCountAreLeftOut() {
    ReplicaState a = random(workload, 1);
    ReplicaState b = random(workload, 2);
    ReplicaState poison = random(workload, 3);
    java.util.Arrays.fill(poison.parameters(), Float.NaN);
    ReplicaState alone = mean(workload, result(0, 5, a), result(1, 9, b));
    ReplicaState amongOthers =
        mean(workload, excluded(0, poison), result(1, 5, a), idle(2), result(3, 9, b), idle(4));
    assertEqualBits(amongOthers, alone);
  }

  @Test
  void withoutAWorkerThatCountsThereIsNoAverage() {
    ReplicaAverage average =
        ReplicaAverage.of(
            workload, workload.initialState(1), List.of(excluded(0, random(workload, 1)), idle(1)));
    assertThat(average.state()).isNull();
    assertThat(average.statistics()).isEmpty();
    assertThat(average.reports()).hasSize(2);
  }

  @Test
  void argumentsAreNotChanged() {
    ReplicaState before = random(workload, 9);
    ReplicaState a = random(workload, 1);
    ReplicaAverage.of(workload, before, List.of(result(0, 5, a), result(1, 6, a)));
    assertEqualBits(before, random(workload, 9));
    assertEqualBits(a, random(workload, 1));
  }

  @Test
  void statisticsAreThoseOfTheAverageAndOfTheWorkersThatCount() {
    ReplicaState before = random(workload, 20);
    ReplicaState a = random(workload, 21);
    ReplicaState b = random(workload, 22);
    ReplicaAverage average =
        ReplicaAverage.of(
            workload,
            before,
            List.of(result(0, 2, a), excluded(1, before), result(2, 6, b), idle(3)));
    float[] mean = Objects.requireNonNull(average.state()).parameters();
    List<ParameterBlock> blocks = workload.network().blocks();
    assertThat(average.statistics().stream().map(s -> s.layer() + "." + s.parameter()))
        .containsExactly(
            "conv1.bias",
            "conv1.weights",
            "batchNorm1.gamma",
            "batchNorm1.beta",
            "batchNorm1.runningMean",
            "batchNorm1.runningVariance",
            "dense1.weights",
            "dense1.bias",
            "batchNorm2.gamma",
            "batchNorm2.beta",
            "batchNorm2.runningMean",
            "batchNorm2.runningVariance",
            "dense2.weights",
            "dense2.bias");
    for (int p = 0; p < blocks.size(); p++) {
      ParameterBlock block = blocks.get(p);
      ParameterStats stats = average.statistics().get(p);
      double norm = 0;
      double update = 0;
      double distances = 0;
      for (int i = block.offset(); i < block.end(); i++) {
        norm = Math.hypot(norm, mean[i]);
        update = Math.hypot(update, (double) mean[i] - before.parameters()[i]);
        distances += square((double) a.parameters()[i] - mean[i]);
        distances += square((double) b.parameters()[i] - mean[i]);
      }
      assertThat(stats.shape()).isEqualTo(block.shape());
      assertThat(stats.norm()).isCloseTo(norm, within(NORM_TOLERANCE * norm));
      assertThat(stats.updateNorm()).isCloseTo(update, within(NORM_TOLERANCE * update));
      double divergence = Math.sqrt(distances / 2) / norm;
      assertThat(stats.divergence()).isCloseTo(divergence, within(NORM_TOLERANCE * divergence));
    }
  }

  @Test
  void oneWorkerDoesNotDiverge() {
    ReplicaAverage average =
        ReplicaAverage.of(
            workload, random(workload, 1), List.of(result(0, 2, random(workload, 2)), idle(1)));
    assertThat(average.statistics()).allMatch(stats -> stats.divergence() == 0);
  }

  @Test
  void sizeOfSlicesDoesNotChangeTheAverage() {
    ReplicaState before = random(workload, 30);
    List<WorkerResult> results =
        List.of(
            result(0, 9, random(workload, 31)),
            result(1, 4, random(workload, 32)),
            result(2, 1, random(workload, 33)));
    ReplicaState whole =
        Objects.requireNonNull(ReplicaAverage.of(workload, before, results).state());
    for (int maxValues : new int[] {1, 2, 7, 64, 1000}) {
      List<Slice> slices = Slice.cut(workload.network(), workload.updaterStateCount(), maxValues);
      Averaging.Mean sliced =
          Objects.requireNonNull(Averaging.mean(workload, slices, before, results));
      assertEqualBits(sliced.state(), whole);
    }
  }

  @Test
  void slicesAveragedElsewhereGiveTheSameBitsInAnyOrderOfArrival() {
    Workload large =
        workload(20_000); // 1.6 million parameters: two slices, and two of updater state
    assertThat(Averaging.slices(large)).hasSize(4);
    ReplicaState before = random(large, 40);
    List<WorkerResult> results =
        List.of(
            result(0, 9, random(large, 41)),
            excluded(1, random(large, 42)),
            idle(2),
            result(3, 5, random(large, 43)),
            result(4, 1, random(large, 44)));
    ReplicaAverage whole = ReplicaAverage.of(large, before, results);
    for (long shuffle = 0; shuffle < 2; shuffle++) {
      ReplicaAverage joined = sliced(large, before, results, shuffle);
      assertEqualBits(
          Objects.requireNonNull(joined.state()), Objects.requireNonNull(whole.state()));
      assertThat(joined.statistics()).isEqualTo(whole.statistics());
      assertThat(joined.reports()).isEqualTo(whole.reports());
    }
  }

  @Test
  void slicesOfNoWorkerThatCountsGiveNoAverage() {
    List<WorkerResult> results = List.of(excluded(0, random(workload, 1)), idle(1));
    ReplicaAverage joined = sliced(workload, random(workload, 2), results, 1);
    assertThat(joined.state()).isNull();
    assertThat(joined.reports()).isEqualTo(results.stream().map(WorkerResult::report).toList());
  }

  private static ReplicaAverage sliced(
      Workload workload, ReplicaState before, List<WorkerResult> results, long shuffle) {
    RandomStream random = RandomStream.of(shuffle, Purpose.EXAMPLE_ORDER);
    List<ReplicaSlice> parts = new ArrayList<>();
    results.forEach(result -> ReplicaSlice.cut(workload, result).forEach(parts::add));
    List<SliceResult> means = new ArrayList<>();
    int slices = parts.stream().mapToInt(ReplicaSlice::index).max().orElseThrow() + 1;
    for (int index : random.permutation(slices)) {
      List<ReplicaSlice> equal = new ArrayList<>();
      for (int part : random.permutation(parts.size())) {
        if (parts.get(part).index() == index) {
          equal.add(parts.get(part));
        }
      }
      means.add(SliceResult.of(workload, before, equal));
    }
    return ReplicaAverage.join(workload, means);
  }

  private static double square(double value) {
    return value * value;
  }

  @Test
  void outcomeTellsWhereTheTimeWent() {
    ReplicaAverage average =
        new ReplicaAverage(
            null,
            List.of(),
            List.of(
                new WorkerReport(0, 10, 20, 40, "", "a", 2_000_000_000L),
                new WorkerReport(1, 30, 30, 60, "", "b", 1_000_000_000L),
                new WorkerReport(2, 30, Double.NaN, 7, "why", "b", 1)));
    RoundOutcome outcome = average.outcome(0.5, 3);
    assertThat(outcome.seconds()).isEqualTo(new RoundOutcome.PhaseSeconds(0.5, 2, 1, 0));
    assertThat(outcome.seconds().withDriver(0.25).total()).isEqualTo(3.75);
    assertThat(outcome.examples()).isEqualTo(70);
    assertThat(outcome.loss()).isEqualTo(50 / 40.0);
    assertThat(outcome.regularisedLoss()).isEqualTo(100 / 40.0);
  }
}
