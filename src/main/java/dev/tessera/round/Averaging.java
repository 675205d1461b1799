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
    List<SliceMean> means = new ArrayList<>();
    for (Slice slice : slices) {
      List<SliceValues> replicas = counting.stream().map(r -> values(slice, r.state())).toList();
      means.add(mean(slice, values(slice, before), replicas, examples));
    }
    return join(workload, slices, means, counting.size());
  }

  /** The average of a whole state and what it says of every parameter block. */
  record Mean(ReplicaState state, List<ParameterStats> statistics) {}

  /**
   * Puts the averaged slices, in the order of their indices, together.
   *
   * @param counting how many replicas were averaged
   */
  static Mean join(Workload workload, List<Slice> slices, List<SliceMean> means, int counting) {
    NetworkPlan network = workload.network();
    ReplicaState state = ReplicaState.zeros(workload);
    List<BlockSums> sums = new ArrayList<>();
    for (int b = 0; b < network.blocks().size(); b++) {
      sums.add(new BlockSums());
    }
    for (Slice slice : slices) {
      SliceMean mean = means.get(slice.index());
      copy(mean.values().array(), slice, state);
      for (int p = 0; p < slice.pieces().size(); p++) {
        sums.get(slice.pieces().get(p).block()).merge(mean.sums().get(p));
      }
    }
    return new Mean(state, statistics(network, sums, counting));
  }

  private static List<ParameterStats> statistics(
      NetworkPlan network, List<BlockSums> sums, int counting) {
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

  /** The part of a state that belongs to a slice, as a copy. */
  static SliceValues values(Slice slice, ReplicaState state) {
    int parameters = state.parameters().length;
    float[] values = new float[slice.size()];
    if (slice.pieces().isEmpty()) {
      System.arraycopy(state.updaterState(), slice.from() - parameters, values, 0, values.length);
    } else {
      System.arraycopy(state.parameters(), slice.from(), values, 0, values.length);
    }
    return new SliceValues(values);
  }

  private static void copy(float[] values, Slice slice, ReplicaState state) {
    if (slice.pieces().isEmpty()) {
      int offset = slice.from() - state.parameters().length;
      System.arraycopy(values, 0, state.updaterState(), offset, values.length);
    } else {
      System.arraycopy(values, 0, state.parameters(), slice.from(), values.length);
    }
  }

  /**
   * The mean of one slice.
   *
   * @param before the slice before the round
   * @param replicas the slice of every replica that counts, in worker order; at least one
   * @param examples the weights, in the same order; each at least 1
   */
  static SliceMean mean(
      Slice slice, SliceValues before, List<SliceValues> replicas, List<Integer> examples) {
    double[] mean = weightedMean(slice.size(), replicas, examples);
    for (int p = 1; p < slice.pieces().size(); p++) {
      Slice.Piece piece = slice.pieces().get(p);
      if (piece.role() == ParameterRole.RUNNING_VARIANCE) {
        addVarianceOfMeans(slice, slice.pieces().get(p - 1), piece, mean, replicas, examples);
      }
    }
    float[] values = new float[mean.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) mean[i];
    }
    List<BlockSums> sums = new ArrayList<>();
    for (Slice.Piece piece : slice.pieces()) {
      int from = piece.from() - slice.from();
      sums.add(sums(from, piece.to() - slice.from(), values, before.array(), replicas));
    }
    return new SliceMean(slice.index(), new SliceValues(values), sums);
  }

  private static double[] weightedMean(
      int size, List<SliceValues> replicas, List<Integer> examples) {
    double[] mean = new double[size];
    Arrays.fill(mean, -0.0); // the sum of nothing that keeps the sign of a zero added to it
    long total = 0;
    for (int k = 0; k < replicas.size(); k++) {
      float[] replica = replicas.get(k).array();
      double weight = examples.get(k);
      total += examples.get(k);
      for (int i = 0; i < size; i++) {
        mean[i] += weight * replica[i];
      }
    }
    for (int i = 0; i < size; i++) {
      mean[i] /= total;
    }
    return mean;
  }

  private static void addVarianceOfMeans(
      Slice slice,
      Slice.Piece means,
      Slice.Piece variances,
      double[] mean,
      List<SliceValues> replicas,
      List<Integer> examples) {
    int shift = means.from() - variances.from();
    long total = examples.stream().mapToLong(Integer::longValue).sum();
    for (int i = variances.from() - slice.from(); i < variances.to() - slice.from(); i++) {
      double spread = 0;
      for (int k = 0; k < replicas.size(); k++) {
        double distance = replicas.get(k).array()[i + shift] - mean[i + shift];
        spread += examples.get(k) * distance * distance;
      }
      mean[i] += spread / total;
    }
  }

  private static BlockSums sums(
      int from, int to, float[] values, float[] before, List<SliceValues> replicas) {
    BlockSums sums = new BlockSums();
    for (int i = from; i < to; i++) {
      sums.add(values[i], before[i]);
    }
    if (replicas.size() > 1) {
      for (SliceValues replica : replicas) {
        sums.addDistance(squaredDistance(replica.array(), values, from, to));
      }
    }
    return sums;
  }

  private static double squaredDistance(float[] replica, float[] mean, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      double distance = (double) replica[i] - mean[i];
      squares += distance * distance;
    }
    return squares;
  }
}
