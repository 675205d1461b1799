package dev.tessera.stats;

import java.io.Serializable;
import java.util.List;

/**
 * One parameter block after a round.
 *
 * @param layer name of its layer, for example {@code conv1}
 * @param parameter name of the block, for example {@code weights}
 * @param mean of the finite values, as are deviation (population), min and max; NaN if there is
 *     none
 * @param norm L2 norm of the finite values
 * @param zeroFraction share of values that are exactly 0
 * @param nonFiniteFraction share of values that are NaN or infinite
 * @param updateNorm L2 norm of the change that the round made
 * @param updateRatio {@code updateNorm} over the norm before the round; infinite if that was 0 and
 *     something changed
 * @param divergence root mean square over the workers of ||w_k - mean||, over ||mean||, before
 *     averaging; 0 with one worker
 */
public record ParameterStats(
    String layer,
    String parameter,
    List<Integer> shape,
    double mean,
    double standardDeviation,
    double min,
    double max,
    double norm,
    double zeroFraction,
    double nonFiniteFraction,
    double updateNorm,
    double updateRatio,
    double divergence)
    implements Serializable {
  public ParameterStats {
    shape = List.copyOf(shape);
  }
}
