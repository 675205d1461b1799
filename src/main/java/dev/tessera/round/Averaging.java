package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.round.SliceMean.SliceValues;
import dev.tessera.stats.BlockSums;
import dev.tessera.stats.ParameterStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weighted mean of replicas, accumulated in double in worker order.
 *
 * <p>Every value is {@code sum(n_k x_k) / sum(n_k)} with n_k the examples of worker k, but for the
 * running variance of batch norm, which is that of the mixture of the workers' distributions:
 * {@code mean of variances + variance of means}, {@code sum(n_k (v_k + (m_k - m)^2)) / sum(n_k)}
 * (the law of total variance). Equal replicas average to themselves, bit for bit.
 */
public final class Averaging {
  /** Values whose means are made together, in double, in the processor's nearest memory. */
  private static final int AT_ONCE = 2048;

  private Averaging() {}

  /** The slices in which the states of this workload are averaged. */
  static List<Slice> slices(Workload workload) {
    return Slice.cut(workload.network(), workload.updaterStateCount(), Slice.MAX_VALUES);
  }

  /** The mean and the statistics of the results that count. Null if none does. */
  static @org.jspecify.annotations.Nullable Mean mean(
      Workload workload, List<Slice> slices, ReplicaState before, List<WorkerResult> results) {
    List<WorkerResult> counting = results.stream().filter(r -> r.report().counts()).toList();
    if (counting.isEmpty()) {
      return null;
    }
    List<Integer> examples = counting.stream().map(r -> r.report().examples()).toList();
    ReplicaState state = ReplicaState.zeros(workload);
    List<SliceMean> means = new ArrayList<>();
    for (Slice slice : slices) {
      List<SliceValues> replicas = counting.stream().map(r -> values(slice, r.state())).toList();
      means.add(mean(slice, values(slice, before), replicas, examples, values(slice, state)));
    }
    return new Mean(state, statistics(workload.network(), slices, means, counting.size()));
  }

  /** The average of a whole state and what it says of every parameter block. */
  record Mean(ReplicaState state, List<ParameterStats> statistics) {}

  /**
   * Puts the averaged slices, in the order of their indices, together.
   *
   * @param counting how many replicas were averaged
   */
  static Mean join(Workload workload, List<Slice> slices, List<SliceMean> means, int counting) {
    ReplicaState state = ReplicaState.zeros(workload);
    for (Slice slice : slices) {
      means.get(slice.index()).values().copyTo(values(slice, state), slice.size());
    }
    return new Mean(state, statistics(workload.network(), slices, means, counting));
  }

  private static List<ParameterStats> statistics(
      NetworkPlan network, List<Slice> slices, List<SliceMean> means, int counting) {
    List<BlockSums> sums = new ArrayList<>();
    for (int b = 0; b < network.blocks().size(); b++) {
      sums.add(new BlockSums());
    }
    for (Slice slice : slices) {
      for (int p = 0; p < slice.pieces().size(); p++) {
        sums.get(slice.pieces().get(p).block()).merge(means.get(slice.index()).sums().get(p));
      }
    }
    List<ParameterStats> statistics = new ArrayList<>();
    int block = 0;
    for (LayerPlan layer : network.layers()) {
      for (ParameterBlock parameter : layer.parameters()) {
        statistics.add(
            sums.get(block++).stats(layer.name(), parameter.name(), parameter.shape(), counting));
      }
    }
    return statistics;
  }

  /** The part of a state that belongs to a slice: the state's own values, not a copy. */
  static SliceValues values(Slice slice, ReplicaState state) {
    return slice.pieces().isEmpty()
        ? new SliceValues(state.updaterState(), slice.from() - state.parameters().length)
        : new SliceValues(state.parameters(), slice.from());
  }

  /**
   * The mean of one slice.
   *
   * @param before the slice before the round
   * @param replicas the slice of every replica that counts, in worker order; at least one
   * @param examples the weights, in the same order; each at least 1
   * @param into gets the mean
   */
  static SliceMean mean(
      Slice slice,
      SliceValues before,
      List<SliceValues> replicas,
      List<Integer> examples,
      SliceValues into) {
    for (int from = 0; from < slice.size(); from += AT_ONCE) {
      int to = Math.min(slice.size(), from + AT_ONCE);
      into.take(weightedMean(from, to, replicas, examples), from);
    }
    List<BlockSums> sums = new ArrayList<>();
    for (int p = 0; p < slice.pieces().size(); p++) {
      Slice.Piece piece = slice.pieces().get(p);
      int from = piece.from() - slice.from();
      int to = piece.to() - slice.from();
      if (p > 0 && piece.role() == ParameterRole.RUNNING_VARIANCE) {
        int means = slice.pieces().get(p - 1).from() - slice.from();
        into.take(mixture(means, from, to, replicas, examples), from);
      }
      sums.add(sums(from, to, into, before, replicas));
    }
    return new SliceMean(slice.index(), into, sums);
  }

  private static double[] weightedMean(
      int from, int to, List<SliceValues> replicas, List<Integer> examples) {
    double[] mean = new double[to - from];
    Arrays.fill(mean, -0.0); // the sum of nothing that keeps the sign of a zero added to it
    long total = 0;
    for (int k = 0; k < replicas.size(); k++) {
      float[] replica = replicas.get(k).array();
      int first = replicas.get(k).from() + from;
      double weight = examples.get(k);
      total += examples.get(k);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += weight * replica[first + i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= total;
    }
    return mean;
  }

  /**
   * Running variances, from {@code from} to {@code to}, whose running means begin at {@code means}.
   */
  private static double[] mixture(
      int means, int from, int to, List<SliceValues> replicas, List<Integer> examples) {
    double[] mean = weightedMean(means, means + to - from, replicas, examples);
    double[] variance = weightedMean(from, to, replicas, examples);
    long total = examples.stream().mapToLong(Integer::longValue).sum();
    for (int i = 0; i < variance.length; i++) {
      double spread = 0;
      for (int k = 0; k < replicas.size(); k++) {
        SliceValues replica = replicas.get(k);
        double distance = replica.array()[replica.from() + means + i] - mean[i];
        spread += examples.get(k) * distance * distance;
      }
      variance[i] += spread / total;
    }
    return variance;
  }

  private static BlockSums sums(
      int from, int to, SliceValues mean, SliceValues before, List<SliceValues> replicas) {
    BlockSums sums = new BlockSums();
    float[] values = mean.array();
    float[] old = before.array();
    int shift = before.from() - mean.from();
    for (int i = mean.from() + from; i < mean.from() + to; i++) {
      sums.add(values[i], old[i + shift]);
    }
    if (replicas.size() > 1) {
      for (SliceValues replica : replicas) {
        sums.addDistance(squaredDistance(replica, mean, from, to));
      }
    }
    return sums;
  }

  private static double squaredDistance(SliceValues replica, SliceValues mean, int from, int to) {
    float[] values = replica.array();
    float[] means = mean.array();
    int shift = mean.from() - replica.from();
    double squares = 0;
    for (int i = replica.from() + from; i < replica.from() + to; i++) {
      double distance = (double) values[i] - means[i + shift];
      squares += distance * distance;
    }
    return squares;
  }
}
